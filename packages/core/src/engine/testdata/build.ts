import type { Cluster, Endpoint } from '../../view/cluster.ts'
import type { HttpFilterChain, Listener } from '../../view/listener.ts'
import type { Forward, Route, RouteTable } from '../../view/route.ts'
import { EMPTY_VIEW, type View } from '../../view/view.ts'
import type { Peer } from '../request.ts'

/** Values for tests, whole except for what a test says. */
export function aRoute(parts: Partial<Route> = {}): Route {
  return {
    name: '',
    match: { path: { kind: 'prefix', value: '/' }, headers: [], query: [] },
    action: forwardTo('a'),
    timeoutMs: 0,
    ...parts,
  }
}

export function forwardTo(cluster: string, parts: Partial<Forward> = {}): Forward {
  return { kind: 'forward', clusters: [{ cluster, weight: 100 }], ...parts }
}

export function aCluster(name: string, parts: Partial<Cluster> = {}): Cluster {
  return { name, discovery: { kind: 'eds' }, balance: 'round-robin', connectTimeoutMs: 1000, protocol: 'http/1.1', ...parts }
}

export function anEndpoint(address: string, parts: Partial<Endpoint> = {}): Endpoint {
  return { address, port: 9080, weight: 1, healthy: true, ...parts }
}

export function aTable(routes: readonly Route[], domains: readonly string[] = ['*']): RouteTable {
  return { name: 'table', hosts: [{ name: 'host', domains, routes }] }
}

export function aView(parts: Partial<View> = {}): View {
  return { ...EMPTY_VIEW, ...parts }
}

export function aFilter(table: RouteTable, parts: Partial<HttpFilterChain> = {}): HttpFilterChain {
  return {
    kind: 'http',
    statPrefix: 'test',
    routes: { kind: 'inline', table },
    authz: [],
    forwardProxy: true,
    edge: false,
    accessLog: false,
    ...parts,
  }
}

export function aListener(filter: HttpFilterChain, parts: Partial<Listener> = {}): Listener {
  return {
    name: 'http_proxy',
    address: '127.0.0.2',
    port: 15001,
    direction: 'outbound',
    chains: [{ name: 'chain', match: {}, filter }],
    inspectTls: false,
    origins: [],
    ...parts,
  }
}

export const SOMEBODY: Peer = { address: '127.0.0.9', port: 4711, localAddress: '127.0.0.2', localPort: 9080 }
