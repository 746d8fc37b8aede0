import {
  EMPTY_VIEW,
  type AuthzFilter,
  type Cluster,
  type Endpoint,
  type FilterChain,
  type HttpFilterChain,
  type Listener,
  type NodeSelf,
  type OutlierDetection,
  type Route,
  type RouteTable,
  type View,
} from '@mesh/core/view'

/** Views written as values, for tests of the data plane without a pilot. */
export const SELF: NodeSelf = {
  kind: 'sidecar',
  name: 'productpage-v1-0',
  namespace: 'default',
  serviceAccount: 'productpage',
  workload: 'productpage-v1',
  labels: { app: 'productpage', version: 'v1' },
  address: '127.0.0.1',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: false,
  capture: 'none',
}

export function endpoint(port: number, more: Partial<Endpoint> = {}): Endpoint {
  return { address: '127.0.0.1', port, weight: 1, healthy: true, ...more }
}

export function cluster(name: string, endpoints: readonly Endpoint[], more: Partial<Cluster> = {}): Cluster {
  return {
    name,
    discovery: { kind: 'static', endpoints },
    balance: 'round-robin',
    connectTimeoutMs: 2_000,
    protocol: 'http/1.1',
    ...more,
  }
}

/** Two failures in a row eject, any number of endpoints, for longer than a test lasts. */
export function ejecting(more: Partial<OutlierDetection> = {}): OutlierDetection {
  return {
    consecutive5xx: 2,
    consecutiveGatewayFailures: 0,
    intervalMs: 10_000,
    baseEjectionMs: 30_000,
    maxEjectionMs: 300_000,
    maxEjectionPercent: 100,
    alwaysEjectOne: true,
    minHealthPercent: 0,
    ...more,
  }
}

export function route(to: string | Readonly<Record<string, number>>, more: Partial<Route> = {}): Route {
  const shares = typeof to === 'string' ? { [to]: 1 } : to
  return {
    name: '',
    match: { path: { kind: 'prefix', value: '/' }, headers: [], query: [] },
    action: { kind: 'forward', clusters: Object.entries(shares).map(([name, weight]) => ({ cluster: name, weight })) },
    timeoutMs: 0,
    ...more,
  }
}

export function table(name: string, hosts: Readonly<Record<string, readonly Route[]>>): RouteTable {
  return { name, hosts: Object.entries(hosts).map(([domain, routes]) => ({ name: domain, domains: [domain], routes })) }
}

export function httpFilter(more: Partial<HttpFilterChain> = {}): HttpFilterChain {
  return {
    kind: 'http',
    statPrefix: 'test',
    routes: { kind: 'rds', name: 'http_proxy' },
    authz: [],
    forwardProxy: true,
    edge: false,
    accessLog: true,
    ...more,
  }
}

export function listener(port: number, filter: FilterChain['filter'], more: Partial<Listener> = {}): Listener {
  return {
    name: 'http_proxy',
    address: '127.0.0.1',
    port,
    direction: 'outbound',
    chains: [{ name: 'plain', match: {}, filter }],
    inspectTls: false,
    origins: [],
    ...more,
  }
}

export function view(parts: Partial<View>): View {
  return { ...EMPTY_VIEW, snapshot: 'test', ...parts }
}

/** An outbound listener whose only host is reached by these routes. */
export function outboundView(routes: readonly Route[], clusters: readonly Cluster[], filter: Partial<HttpFilterChain> = {}): View {
  return view({ listeners: [listener(0, httpFilter(filter))], routes: [table('http_proxy', { '*': routes })], clusters })
}

export function deny(name: string, path: string): AuthzFilter {
  return {
    action: 'DENY',
    policies: [{ name, permissions: [{ kind: 'path', path: { kind: 'prefix', value: path } }], principals: [{ kind: 'any' }] }],
  }
}
