import type { View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import { findMesh, type FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue } from '../output/print.ts'
import { describeService, hostNamed, type ServiceName } from './describe-service.ts'
import { gatewayViews } from './gateway-views.ts'
import type { DescribeWorkloadOptions } from './run-describe-workload.ts'
import { serviceText } from './service-text.ts'

/** `meshctl x describe service`: what the proxies that may call a service know of it. */
export async function runDescribeService({ cwd, name, namespace, output }: DescribeWorkloadOptions): Promise<ExitCode> {
  const mesh = findMesh(cwd)
  const seen = await viewWith(mesh, { name, namespace })
  const description = describeService({ ...seen, gateways: await gatewayViews(mesh) })
  await printValue(output, description, () => serviceText(description))
  return EXIT.ok
}

interface Seen {
  readonly host: string
  readonly view: View
  readonly seenBy: string
}

/** The first proxy that knows the service; a Sidecar or `exportTo` may hide it from others. Gateways are asked last. */
async function viewWith({ run }: FoundMesh, wanted: ServiceName): Promise<Seen> {
  const gateways = new Set(run.gateways.map((one) => `${one.name}.${one.namespace}`))
  const isGateway = (one: { readonly workload: string; readonly namespace: string }): boolean =>
    gateways.has(`${one.workload}.${one.namespace}`)
  const order = [...run.workloads.filter((one) => !isGateway(one)), ...run.workloads.filter(isGateway)]
  const hosts = new Set<string>()
  let silent: unknown
  for (const { name, namespace, proxy } of order) {
    if (proxy === null) continue
    try {
      const view = (await askJson(`${proxy.admin}/view`, `The proxy of ${name}`)) as View
      const host = hostNamed(view, wanted)
      if (host !== undefined) return { host, view, seenBy: `${name}.${namespace}` }
      for (const { service } of view.clusters) if (service !== undefined) hosts.add(`${service.name}.${service.namespace}`)
    } catch (error) {
      // Another proxy may answer.
      if (!(error instanceof CommandFailure)) throw error
      silent = error
    }
  }
  if (hosts.size === 0 && silent !== undefined) throw silent
  const known = hosts.size === 0 ? 'They know none.' : `They know ${[...hosts].sort().slice(0, MAX_NAMES).join(', ')}.`
  throw new CommandFailure(EXIT.negative, `No proxy of this mesh knows a service "${wanted.name}". ${known}`)
}

const MAX_NAMES = 20
