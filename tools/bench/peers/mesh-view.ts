import { DEFAULT_RETRY, INBOUND_RETRY } from '../../../packages/core/src/compile/route/retry.ts'
import { EMPTY_VIEW } from '../../../packages/core/src/view/index.ts'
import type { Cluster, FilterChain, HttpFilterChain, Route, View, WorkloadRef } from '../../../packages/core/src/view/index.ts'
import { CLIENT, SERVER, spiffeIdOf, TRUST_DOMAIN } from '../pki.ts'
import type { Site } from './peer.ts'

/** What two sidecars speak between them, as `h2UpgradePolicy` says: the default, and `DO_NOT_UPGRADE`. */
export type Hop = 'auto' | 'http/1.1'

/** What pilot would say to the sidecar of the caller: 20 routes, Istio's retries, trace headers, the labels of both peers. */
export function outboundView({ setup, hosts, prefix, upstreamPort }: Site, port: number, hop: Hop = 'auto'): View {
  const protocol = setup === 'h2' ? 'h2' : setup === 'tcp' ? 'tcp' : setup === 'mtls' ? hop : 'http/1.1'
  const clusters = hosts.map((host) => cluster(host, upstreamPort, protocol))
  const routes = [
    {
      name: 'bench',
      hosts: hosts.map((host) => ({ name: host, domains: [host], routes: [route(host, prefix), route(host, '/')] })),
    },
  ]
  const http: HttpFilterChain = { ...HTTP, routes: { kind: 'rds', name: 'bench' } }
  const filter = setup === 'tcp' ? tcp(hosts[0] ?? '') : http
  const chain: FilterChain = { name: 'plain', match: {}, filter }
  return {
    ...EMPTY_VIEW,
    snapshot: 'bench',
    listeners: [{ ...AT, name: 'bench', port, direction: 'outbound', chains: [chain], inspectTls: false }],
    routes: setup === 'tcp' ? [] : routes,
    clusters: setup === 'mtls' ? clusters.map(secured) : clusters,
    workloads: [workload(CLIENT), workload(SERVER)],
  }
}

/** What pilot would say to the sidecar of the application: STRICT mTLS. */
export function inboundView({ upstreamPort }: Site, port: number): View {
  const name = `inbound|${port}||`
  const action = { kind: 'forward', clusters: [{ cluster: name, weight: 100 }], retry: INBOUND_RETRY } as const
  const table = { name, hosts: [{ name, domains: ['*'], routes: [{ ...ANY, action }] }] }
  const tls = { mode: 'mesh', alpn: ['istio-h2', 'istio-http/1.1', 'istio', 'http/1.1'], requireClientCert: true } as const
  const chain: FilterChain = {
    name: 'mtls',
    match: { transport: 'tls' },
    tls: { ...tls, trustDomains: [TRUST_DOMAIN] },
    filter: { ...HTTP, routes: { kind: 'inline', table } },
  }
  return {
    ...EMPTY_VIEW,
    snapshot: 'bench',
    listeners: [{ ...AT, name: 'bench', port, direction: 'inbound', chains: [chain], inspectTls: true }],
    clusters: [{ ...cluster('server.default.svc.cluster.local', upstreamPort, 'http/1.1'), name }],
    workloads: [workload(CLIENT), workload(SERVER)],
  }
}

function cluster(host: string, port: number, protocol: Cluster['protocol']): Cluster {
  return {
    name: host,
    discovery: { kind: 'static', endpoints: [{ address: '127.0.0.1', port, weight: 1, healthy: true, workload: refOf(SERVER) }] },
    balance: 'round-robin',
    connectTimeoutMs: 2000,
    protocol,
    service: { name: host.split('.', 1)[0] ?? host, namespace: 'default', host },
  }
}

function secured(plain: Cluster): Cluster {
  const sans = [{ kind: 'exact', value: spiffeIdOf(SERVER) }] as const
  return { ...plain, tls: { mode: 'mutual', sni: plain.name, alpn: ['istio-http/1.1', 'istio', 'http/1.1'], sans } }
}

function route(to: string, prefix: string): Route {
  const match = { path: { kind: 'prefix', value: prefix }, headers: [], query: [] } as const
  return { ...ANY, match, action: { kind: 'forward', clusters: [{ cluster: to, weight: 1 }], retry: DEFAULT_RETRY } }
}

function tcp(to: string): FilterChain['filter'] {
  return { kind: 'tcp', statPrefix: 'bench', clusters: [{ cluster: to, weight: 1 }], authz: [], idleTimeoutMs: 0, accessLog: false }
}

function refOf(account: string): WorkloadRef {
  return { workload: `${account}-v1`, namespace: 'default', app: account, version: 'v1', cluster: 'Kubernetes' }
}

function workload(account: string): View['workloads'][number] {
  const ref = refOf(account)
  return { ...ref, uid: `Kubernetes/default/${account}-v1-0`, serviceAccount: account, addresses: [] }
}

const AT = { address: '127.0.0.1', origins: [] } as const
const ANY = { name: 'default', match: { path: { kind: 'prefix', value: '/' }, headers: [], query: [] }, timeoutMs: 0 } as const
const HTTP = {
  kind: 'http',
  statPrefix: 'bench',
  authz: [],
  forwardProxy: false,
  edge: false,
  accessLog: false,
  tracing: { samplePartsPerMillion: 10_000 },
} as const
