import { findMesh, findWorkload } from '../mesh/find-mesh.ts'
import { proxyView, type ProxyTarget } from '../mesh/proxy-view.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { describeWorkload } from './describe-workload.ts'
import { descriptionText } from './description-text.ts'
import { gatewayViews } from './gateway-views.ts'

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
