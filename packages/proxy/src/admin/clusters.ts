import type { Engine } from '@mesh/core/engine'
import type { Cluster, Endpoint } from '@mesh/core/view'
import type { EndpointPool } from '../pool/endpoint-pool.ts'
import type { Pools } from '../pool/pools.ts'
import { json, text, type AdminReply } from './routes.ts'

/** Envoy's `/clusters`: each cluster's limits and each endpoint's numbers, as text or as JSON. */
export function clustersPage(engine: Engine, pools: Pools, format: string | null): AdminReply {
  const statuses = engine.view.clusters.map((cluster) => ({ cluster, hosts: hostsOf(engine, pools, cluster) }))
  if (format === 'json') return json({ cluster_statuses: statuses.map(statusJson) })
  return text(statuses.flatMap(statusText).join('\n'))
}

interface Host {
  readonly address: string
  readonly port: number
  readonly weight: number
  readonly healthy: boolean
  readonly stats: readonly (readonly [name: string, value: number])[]
}

interface Status {
  readonly cluster: Cluster
  readonly hosts: readonly Host[]
}

function hostsOf(engine: Engine, pools: Pools, cluster: Cluster): readonly Host[] {
  const byPlace = new Map<string, EndpointPool>()
  for (const pool of pools.cluster(cluster).pools) byPlace.set(`${pool.endpoint.address}:${pool.endpoint.port}`, pool)
  const listed = endpointsOf(engine, cluster)
  const known = new Set(listed.map(({ address, port }) => `${address}:${port}`))
  const asked = [...byPlace.values()].filter(({ endpoint }) => !known.has(`${endpoint.address}:${endpoint.port}`))
  return [...listed, ...asked.map(({ endpoint }) => endpoint)].map((endpoint) =>
    host(endpoint, byPlace.get(`${endpoint.address}:${endpoint.port}`)),
  )
}

/** All of them, the unhealthy ones too. */
function endpointsOf(engine: Engine, cluster: Cluster): readonly Endpoint[] {
  const { discovery } = cluster
  if (discovery.kind === 'eds') return engine.view.endpoints.find((entry) => entry.cluster === cluster.name)?.endpoints ?? []
  return discovery.kind === 'static' || discovery.kind === 'dns' ? discovery.endpoints : []
}

function host({ address, port, weight, healthy }: Endpoint, pool: EndpointPool | undefined): Host {
  const stats = [
    ['cx_active', pool?.conns.size ?? 0],
    ['cx_connect_fail', pool?.connectFailures ?? 0],
    ['cx_total', pool?.connected ?? 0],
    ['rq_active', pool?.active ?? 0],
    ['rq_error', pool?.errors ?? 0],
    ['rq_success', (pool?.requests ?? 0) - (pool?.errors ?? 0) - (pool?.active ?? 0)],
    ['rq_total', pool?.requests ?? 0],
  ] as const
  return { address, port, weight, healthy, stats }
}

function statusText({ cluster, hosts }: Status): readonly string[] {
  const { name } = cluster
  const limit = (key: string, value: number | undefined): string => `${name}::default_priority::${key}::${value ?? 4294967295}`
  return [
    `${name}::observability_name::${name}`,
    limit('max_connections', cluster.maxConnections),
    limit('max_pending_requests', cluster.maxPendingRequests),
    limit('max_requests', cluster.maxRequests),
    limit('max_retries', cluster.maxRetries),
    `${name}::added_via_api::true`,
    ...hosts.flatMap((entry) => hostText(name, entry)),
  ]
}

function hostText(cluster: string, { address, port, weight, healthy, stats }: Host): readonly string[] {
  const prefix = `${cluster}::${address}:${port}`
  return [
    ...stats.map(([name, value]) => `${prefix}::${name}::${value}`),
    `${prefix}::health_flags::${healthy ? 'healthy' : '/failed_eds_health'}`,
    `${prefix}::weight::${weight}`,
  ]
}

function statusJson({ cluster, hosts }: Status): unknown {
  return {
    name: cluster.name,
    added_via_api: true,
    observability_name: cluster.name,
    host_statuses: hosts.map(({ address, port, weight, healthy, stats }) => ({
      address: { socket_address: { address, port_value: port } },
      stats: stats.map(([name, value]) => ({ name, value: String(value), ...(name.endsWith('active') ? { type: 'GAUGE' } : {}) })),
      health_status: { eds_health_status: healthy ? 'HEALTHY' : 'UNHEALTHY' },
      weight,
    })),
  }
}
