import type { Cluster, Endpoint, View } from '@mesh/core/view'
import { shownOrigin } from '../output/place.ts'
import type { GatewayView } from './gateway-views.ts'
import { routesTo, type DescribedRoute } from './routes-to.ts'

export interface DescribedService {
  readonly service: string
  readonly host: string
  /** The proxy whose view this is. */
  readonly seenBy: string
  readonly snapshot: string
  readonly ports: readonly ServicePort[]
  readonly subsets: readonly ServiceSubset[]
  readonly routes: readonly DescribedRoute[]
  readonly ingress: readonly DescribedRoute[]
}

interface ServicePort {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTP2' | 'TCP'
  readonly endpoints: readonly ServiceEndpoint[]
}

interface ServiceEndpoint {
  /** `reviews-v1.default`; absent where nobody says what lives there. */
  readonly workload?: string
  readonly address: string
  readonly healthy: boolean
}

interface ServiceSubset {
  readonly port: number
  readonly subset: string
  readonly endpoints: number
  readonly healthy: number
  readonly by?: string
}

/** How a service is named: as a host, or by name and perhaps namespace. */
export interface ServiceName {
  readonly name: string
  readonly namespace?: string | undefined
}

/** The host in a view that a name means; undefined where the view has no such service. */
export function hostNamed({ clusters }: View, { name, namespace }: ServiceName): string | undefined {
  const hosts = clusters.filter(({ name: cluster }) => cluster.startsWith('outbound|')).flatMap(({ service }) => service ?? [])
  const dot = name.lastIndexOf('.')
  const tries = [{ name, namespace }, ...(dot > 0 ? [{ name: name.slice(0, dot), namespace: name.slice(dot + 1) }] : [])]
  const named = (want: ServiceName): typeof hosts =>
    hosts.filter((one) => one.name === want.name && (want.namespace === undefined || one.namespace === want.namespace))
  const found = hosts.find(({ host }) => host === name) ?? tries.flatMap(named)[0]
  return found?.host
}

export interface ServiceFacts {
  readonly host: string
  /** Of a proxy that may call the service. */
  readonly view: View
  readonly seenBy: string
  readonly gateways: readonly GatewayView[]
}

/** What the proxies that call a service know about it: values for programs, and for the text. */
export function describeService({ host, view, seenBy, gateways }: ServiceFacts): DescribedService {
  const clusters = clustersOf(view, host)
  const { name, namespace } = clusters.find(({ service }) => service !== undefined)?.service ?? { name: host, namespace: '' }
  return {
    service: namespace === '' ? name : `${name}.${namespace}`,
    host,
    seenBy,
    snapshot: view.snapshot,
    ports: clusters.filter(({ subset }) => subset === undefined).map((cluster) => describePort(cluster, view)),
    subsets: clusters.flatMap((cluster) => describeSubset(cluster, view)),
    routes: view.routes.flatMap((table) => routesTo(table, table.name, clusters)),
    ingress: gateways.flatMap(({ url, view: seen }) => seen.routes.flatMap((table) => routesTo(table, url, clustersOf(seen, host)))),
  }
}

function clustersOf({ clusters }: View, host: string): readonly Cluster[] {
  return clusters.filter(({ name, service }) => name.startsWith('outbound|') && service?.host === host)
}

function describePort(cluster: Cluster, view: View): ServicePort {
  return {
    port: portOf(cluster),
    protocol: PROTOCOLS[cluster.protocol],
    endpoints: endpointsOf(cluster, view).map(({ address, port, healthy, workload }) => ({
      ...(workload === undefined ? {} : { workload: `${workload.workload}.${workload.namespace}` }),
      address: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
      healthy,
    })),
  }
}

const PROTOCOLS = { 'http/1.1': 'HTTP', h2: 'HTTP2', auto: 'HTTP', downstream: 'HTTP', tcp: 'TCP' } as const

function describeSubset(cluster: Cluster, view: View): readonly ServiceSubset[] {
  const { subset, origin } = cluster
  if (subset === undefined) return []
  const endpoints = endpointsOf(cluster, view)
  const healthy = endpoints.filter((one) => one.healthy).length
  return [
    { port: portOf(cluster), subset, endpoints: endpoints.length, healthy, ...(origin === undefined ? {} : { by: shownOrigin(origin) }) },
  ]
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local` has it second. */
function portOf({ name }: Cluster): number {
  return Number(name.split('|')[1])
}

function endpointsOf({ name, discovery }: Cluster, view: View): readonly Endpoint[] {
  if (discovery.kind === 'eds') return view.endpoints.find(({ cluster }) => cluster === name)?.endpoints ?? []
  return discovery.kind === 'static' || discovery.kind === 'dns' ? discovery.endpoints : []
}
