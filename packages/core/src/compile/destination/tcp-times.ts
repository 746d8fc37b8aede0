import type { Cluster } from '../../view/cluster.ts'
import type { FilterChain, Listener } from '../../view/listener.ts'

/**
 * How long opaque connections may live, and be idle. Envoy knows that of a listener, a DestinationRule of where it leads: as in
 * Istio the first cluster of a chain decides. Istio reads the policy of the whole rule only; here that of a port or a subset holds too.
 */
export function withTimes(listeners: readonly Listener[], clusters: readonly Cluster[]): readonly Listener[] {
  const timed = new Map(clusters.filter(isTimed).map((cluster) => [cluster.name, cluster]))
  if (timed.size === 0) return listeners
  return listeners.map((listener) => ({ ...listener, chains: listener.chains.map((chain) => withTimesOf(chain, timed)) }))
}

function isTimed({ maxConnectionDurationMs, idleTimeoutMs }: Cluster): boolean {
  return maxConnectionDurationMs !== undefined || idleTimeoutMs !== undefined
}

/** The idle time of a cluster that speaks HTTP is one between its calls. */
function withTimesOf(chain: FilterChain, timed: ReadonlyMap<string, Cluster>): FilterChain {
  const { filter } = chain
  const cluster = filter.kind === 'tcp' ? timed.get(filter.clusters[0]?.cluster ?? '') : undefined
  if (filter.kind !== 'tcp' || cluster === undefined) return chain
  const { protocol, maxConnectionDurationMs, idleTimeoutMs = filter.idleTimeoutMs } = cluster
  return {
    ...chain,
    filter: {
      ...filter,
      ...(protocol === 'tcp' ? { idleTimeoutMs } : {}),
      ...(maxConnectionDurationMs === undefined ? {} : { maxConnectionDurationMs }),
    },
  }
}
