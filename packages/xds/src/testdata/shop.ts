import type { Cluster, ClusterEndpoints, Listener, NodeSelf, Route, RouteTable, View, Workload } from '@mesh/core/view'

export const NODE: NodeSelf = {
  kind: 'sidecar',
  name: 'productpage-v1-0',
  namespace: 'default',
  serviceAccount: 'bookinfo-productpage',
  workload: 'productpage-v1',
  labels: { app: 'productpage', version: 'v1' },
  address: '127.64.0.2',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: true,
  capture: 'none',
}

const SUFFIX = 'default.svc.cluster.local'

export function clusterName(service: string): string {
  return `outbound|9080||${service}.${SUFFIX}`
}

/** A sidecar's view of some services, each with a cluster, its endpoints and a host in the one route table. */
export function shopView(
  snapshot: string,
  services: readonly string[],
  change: { readonly [service: string]: readonly string[] } = {},
): View {
  const sorted = services.toSorted()
  return {
    snapshot,
    listeners: [httpProxy()],
    routes: [routes(sorted)],
    clusters: sorted.map(cluster),
    endpoints: sorted.map((service) => endpoints(service, change[service] ?? ['127.64.0.9'])),
    workloads: sorted.map(workload),
  }
}

export function httpProxy(port = 15001): Listener {
  return {
    name: 'http_proxy',
    address: '127.64.0.2',
    port,
    direction: 'outbound',
    inspectTls: false,
    origins: [],
    chains: [
      {
        name: 'http',
        match: {},
        filter: {
          kind: 'http',
          statPrefix: 'http_proxy',
          routes: { kind: 'rds', name: 'http_proxy' },
          authz: [],
          forwardProxy: true,
          edge: false,
          accessLog: true,
        },
      },
    ],
  }
}

export function routes(services: readonly string[]): RouteTable {
  return {
    name: 'http_proxy',
    hosts: services.map((service) => ({ name: service, domains: [service, `${service}:9080`], routes: [toService(service)] })),
  }
}

function toService(service: string): Route {
  return {
    name: 'default',
    match: { path: { kind: 'prefix', value: '/' }, headers: [], query: [] },
    action: { kind: 'forward', clusters: [{ cluster: clusterName(service), weight: 100 }] },
    timeoutMs: 0,
  }
}

export function cluster(service: string): Cluster {
  return {
    name: clusterName(service),
    discovery: { kind: 'eds' },
    balance: 'round-robin',
    connectTimeoutMs: 10_000,
    protocol: 'http/1.1',
    service: { host: `${service}.${SUFFIX}`, name: service, namespace: 'default' },
  }
}

export function endpoints(service: string, addresses: readonly string[]): ClusterEndpoints {
  return { cluster: clusterName(service), endpoints: addresses.map((address) => ({ address, port: 9080, weight: 1, healthy: true })) }
}

function workload(service: string): Workload {
  return {
    uid: `Kubernetes/default/${service}-v1-0`,
    workload: `${service}-v1`,
    namespace: 'default',
    serviceAccount: `bookinfo-${service}`,
    addresses: ['127.64.0.9'],
    app: service,
    version: 'v1',
    cluster: 'Kubernetes',
  }
}
