import type { Cluster, Endpoint, View } from '@mesh/core/view'
import type { NodeReport } from './node-numbers.ts'
import { HOST_STATS, NO_STATS, type HostNumbers } from '../pool/host-numbers.ts'
import { json, text, type AdminReply } from './routes.ts'

/** Envoy's `/clusters`: each cluster's limits and each endpoint's numbers, as text or as JSON. */
export function clustersPage(view: View, { hosts, ejected }: Pick<NodeReport, 'hosts' | 'ejected'>, format: string | null): AdminReply {
  const gone = new Set(ejected.map((one) => `${one.cluster} ${placeOf(one)}`))
  const statuses = view.clusters.map((cluster) => ({
    cluster,
    hosts: hostsOf(view, cluster, hosts).map((one) => ({ ...one, ejected: gone.has(`${cluster.name} ${placeOf(one)}`) })),
  }))
  if (format === 'json') return json({ cluster_statuses: statuses.map(statusJson) })
  return text(statuses.flatMap(statusText).join('\n'))
}

interface Status {
  readonly cluster: Cluster
  readonly hosts: readonly HostStatus[]
}

interface HostStatus extends HostNumbers {
  readonly ejected: boolean
}

/** Those of the view, called or not, and behind them those that callers asked for. */
function hostsOf(view: View, { name, discovery }: Cluster, numbers: readonly HostNumbers[]): readonly HostNumbers[] {
  const called = new Map(numbers.filter(({ cluster }) => cluster === name).map((one) => [placeOf(one), one]))
  const listed = endpointsOf(view, name, discovery)
  const known = new Set(listed.map(placeOf))
  return [
    ...listed.map(({ address, port, weight, healthy }) => {
      const stats = called.get(placeOf({ address, port }))?.stats ?? NO_STATS
      return { cluster: name, address, port, weight, healthy, stats }
    }),
    ...[...called.values()].filter((one) => !known.has(placeOf(one))),
  ]
}

function placeOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address}:${port}`
}

/** All of them, the unhealthy ones too. */
function endpointsOf(view: View, name: string, discovery: Cluster['discovery']): readonly Endpoint[] {
  if (discovery.kind === 'eds') return view.endpoints.find((entry) => entry.cluster === name)?.endpoints ?? []
  return discovery.kind === 'static' || discovery.kind === 'dns' ? discovery.endpoints : []
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

function hostText(cluster: string, host: HostStatus): readonly string[] {
  const { address, port, weight, stats } = host
  const prefix = `${cluster}::${address}:${port}`
  return [
    ...HOST_STATS.map((name) => `${prefix}::${name}::${stats[name]}`),
    `${prefix}::health_flags::${healthFlags(host)}`,
    `${prefix}::weight::${weight}`,
  ]
}

/** Envoy's words, one behind the other. */
function healthFlags({ ejected, healthy }: HostStatus): string {
  return [ejected ? '/failed_outlier_check' : '', healthy ? '' : '/failed_eds_health'].join('') || 'healthy'
}

function statusJson({ cluster, hosts }: Status): unknown {
  return {
    name: cluster.name,
    added_via_api: true,
    observability_name: cluster.name,
    host_statuses: hosts.map(({ address, port, weight, healthy, stats, ejected }) => ({
      address: { socket_address: { address, port_value: port } },
      stats: HOST_STATS.map((name) => ({ name, value: String(stats[name]), ...(name.endsWith('active') ? { type: 'GAUGE' } : {}) })),
      health_status: { ...(ejected ? { failed_outlier_check: true } : {}), eds_health_status: healthy ? 'HEALTHY' : 'UNHEALTHY' },
      weight,
    })),
  }
}
