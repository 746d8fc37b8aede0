import type { AuthzFilter, Cluster, FilterChain, Listener, View } from '@mesh/core/view'
import { shownOrigin } from '../output/place.ts'
import type { RunningWorkload } from '../up/run-file.ts'
import type { GatewayView } from './gateway-views.ts'
import { routesTo, type DescribedRoute } from './routes-to.ts'

export interface Described {
  readonly workload: string
  readonly address: string
  readonly serviceAccount: string
  readonly snapshot: string
  readonly ports: readonly DescribedPort[]
  readonly subsets: readonly DescribedSubset[]
  readonly routes: readonly DescribedRoute[]
  readonly ingress: readonly DescribedRoute[]
}

interface DescribedPort {
  readonly port: number
  readonly protocol: 'HTTP' | 'TCP'
  readonly services: readonly string[]
  /** As PeerAuthentication calls it. */
  readonly mtls: 'STRICT' | 'PERMISSIVE' | 'DISABLE'
  readonly mtlsBy?: string
  readonly policies: readonly { readonly action: 'ALLOW' | 'DENY'; readonly policy: string }[]
}

interface DescribedSubset {
  readonly service: string
  readonly port: string
  readonly subset: string
  readonly by?: string
}

export interface WorkloadFacts {
  readonly workload: RunningWorkload
  /** Of its own proxy. */
  readonly view: View
  readonly gateways: readonly GatewayView[]
}

/** What its own proxy and the ingress gateways know about a workload: values for programs, and for the text. */
export function describeWorkload({ workload, view, gateways }: WorkloadFacts): Described {
  const reaching = clustersReaching(view, workload.address)
  return {
    workload: `${workload.name}.${workload.namespace}`,
    address: workload.address,
    serviceAccount: workload.serviceAccount,
    snapshot: view.snapshot,
    ports: view.listeners.filter(({ direction }) => direction === 'inbound').map((listener) => describePort(listener, view)),
    subsets: reaching.flatMap(describeSubset),
    routes: view.routes.flatMap((table) => routesTo(table, table.name, reaching)),
    ingress: gateways.flatMap(({ url, view: seen }) => {
      const clusters = clustersReaching(seen, workload.address)
      return seen.routes.flatMap((table) => routesTo(table, url, clusters))
    }),
  }
}

function describePort(listener: Listener, view: View): DescribedPort {
  const { chains, port } = listener
  const filter = chains[0]?.filter
  const by = chains.find((chain) => chain.origin !== undefined)?.origin
  const services = view.clusters.filter((one) => one.name.startsWith(`inbound|${port}|`)).flatMap((one) => one.service?.host ?? [])
  return {
    port,
    protocol: filter?.kind === 'http' ? 'HTTP' : 'TCP',
    services: [...new Set(services)],
    mtls: modeOf(chains),
    ...(by === undefined ? {} : { mtlsBy: shownOrigin(by) }),
    policies: (filter?.authz ?? []).flatMap(policiesOf),
  }
}

function modeOf(chains: readonly FilterChain[]): DescribedPort['mtls'] {
  if (chains.every((chain) => chain.tls !== undefined)) return 'STRICT'
  return chains.some((chain) => chain.tls !== undefined) ? 'PERMISSIVE' : 'DISABLE'
}

function policiesOf({ action, policies }: AuthzFilter): DescribedPort['policies'] {
  if (policies.length === 0) return [{ action, policy: 'none matches anything' }]
  return policies.map(({ name, origin }) => ({ action, policy: origin === undefined ? name : shownOrigin(origin) }))
}

/** Clusters one of whose endpoints is this workload. */
function clustersReaching(view: View, address: string): readonly Cluster[] {
  const names = new Set(view.endpoints.filter((group) => group.endpoints.some((one) => one.address === address)).map((one) => one.cluster))
  return view.clusters.filter((cluster) => names.has(cluster.name))
}

function describeSubset({ name, subset, service, origin }: Cluster): readonly DescribedSubset[] {
  if (subset === undefined || service === undefined) return []
  const by = origin === undefined ? {} : { by: shownOrigin(origin) }
  return [{ service: service.host, port: name.split('|')[1] ?? '', subset, ...by }]
}
