import type { Cluster } from '../../view/cluster.ts'
import type { FilterChain, Listener } from '../../view/listener.ts'

/**
 * How long opaque connections may live. Envoy knows that of a listener, a DestinationRule of where it leads: as in Istio the
 * first cluster of a chain decides. Istio reads the policy of the whole rule only; here that of a port or a subset holds too.
 */
export function withDuration(listeners: readonly Listener[], clusters: readonly Cluster[]): readonly Listener[] {
  const durations = new Map<string, number>()
  for (const { name, maxConnectionDurationMs: durationMs } of clusters) if (durationMs !== undefined) durations.set(name, durationMs)
  if (durations.size === 0) return listeners
  return listeners.map((listener) => ({ ...listener, chains: listener.chains.map((chain) => withDurationOf(chain, durations)) }))
}

function withDurationOf(chain: FilterChain, durations: ReadonlyMap<string, number>): FilterChain {
  const { filter } = chain
  if (filter.kind !== 'tcp') return chain
  const maxConnectionDurationMs = durations.get(filter.clusters[0]?.cluster ?? '')
  return maxConnectionDurationMs === undefined ? chain : { ...chain, filter: { ...filter, maxConnectionDurationMs } }
}
