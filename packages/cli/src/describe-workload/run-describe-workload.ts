import type { View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import { findMesh, findWorkload, type FoundMesh } from '../mesh/find-mesh.ts'
import { proxyView, type ProxyTarget } from '../mesh/proxy-view.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { describeWorkload } from './describe-workload.ts'
import { descriptionText } from './description-text.ts'

export interface DescribeWorkloadOptions extends ProxyTarget {
  readonly output: Format
}

/** `meshctl x describe`: what the proxies know of one workload, in one place. */
export async function runDescribeWorkload(options: DescribeWorkloadOptions): Promise<ExitCode> {
  const mesh = findMesh(options.cwd)
  const workload = findWorkload(mesh, options.name, options.namespace)
  const [view, gateways] = await Promise.all([proxyView(options), gatewayViews(mesh)])
  const description = describeWorkload({ workload, view, gateways })
  await printValue(options.output, description, () => descriptionText(description))
  return EXIT.ok
}

function gatewayViews({ run }: FoundMesh): Promise<readonly { readonly name: string; readonly url: string; readonly view: View }[]> {
  const there = run.gateways.flatMap(({ name, namespace, url }) => {
    const admin = run.workloads.find((one) => one.workload === name && one.namespace === namespace)?.proxy?.admin
    return admin === undefined ? [] : [{ name, url, admin }]
  })
  return Promise.all(
    there.map(async ({ name, url, admin }) => ({ name, url, view: (await askJson(`${admin}/view`, `The proxy of ${name}`)) as View })),
  )
}
