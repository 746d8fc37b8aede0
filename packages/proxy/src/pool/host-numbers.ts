import type { EndpointPool } from './endpoint-pool.ts'
import type { Pools } from './pools.ts'

/** What is counted of one endpoint of a cluster, whatever is spoken to it; plain values. */
export interface HostNumbers {
  readonly cluster: string
  readonly address: string
  readonly port: number
  readonly weight: number
  readonly healthy: boolean
  /** By Envoy's names. */
  readonly stats: HostStats
}

export type HostStats = Readonly<Record<(typeof HOST_STATS)[number], number>>

export const HOST_STATS = ['cx_active', 'cx_connect_fail', 'cx_total', 'rq_active', 'rq_error', 'rq_success', 'rq_total'] as const

/** Of an endpoint that was never called. */
export const NO_STATS: HostStats = { cx_active: 0, cx_connect_fail: 0, cx_total: 0, rq_active: 0, rq_error: 0, rq_success: 0, rq_total: 0 }

/** The numbers of all endpoints that were called, each once. */
export function hostNumbers(pools: Pools): readonly HostNumbers[] {
  return joinHosts([...pools.list()].flatMap(({ cluster, pools: own }) => [...own].map((pool) => numbersOf(cluster.name, pool))))
}

/** One entry for each endpoint, with the sums of all that there are for it. */
export function joinHosts(all: readonly HostNumbers[]): readonly HostNumbers[] {
  const joined = new Map<string, HostNumbers>()
  for (const one of all) {
    const key = `${one.cluster} ${one.address} ${one.port}`
    const known = joined.get(key)
    joined.set(key, known === undefined ? one : { ...one, stats: sumOf(known.stats, one.stats) })
  }
  return [...joined.values()]
}

function sumOf(left: HostStats, right: HostStats): HostStats {
  return Object.fromEntries(HOST_STATS.map((name) => [name, left[name] + right[name]])) as HostStats
}

function numbersOf(cluster: string, pool: EndpointPool): HostNumbers {
  const { address, port, weight, healthy } = pool.endpoint
  const stats: HostStats = {
    cx_active: pool.conns.size,
    cx_connect_fail: pool.connectFailures,
    cx_total: pool.connected,
    rq_active: pool.active,
    rq_error: pool.errors,
    rq_success: pool.requests - pool.errors - pool.active,
    rq_total: pool.requests,
  }
  return { cluster, address, port, weight, healthy, stats }
}
