import type { Route, WeightedCluster } from '../view/route.ts'
import type { ClusterChoice } from './decision.ts'
import type { Engine } from './engine.ts'

/** Picks the share of a forward route; `chance` is in [0, 1). Undefined when the route does not forward or all weights are 0. */
export function chooseCluster(engine: Engine, route: Route, chance: number): ClusterChoice | undefined {
  if (route.action.kind !== 'forward') return undefined
  const target = chooseWeighted(route.action.clusters, chance)
  return target === undefined ? undefined : { target, cluster: engine.cluster(target.cluster)?.cluster }
}

/** The entry whose share of the weights holds `chance`. */
export function chooseWeighted<Entry extends Pick<WeightedCluster, 'weight'>>(
  entries: readonly Entry[],
  chance: number,
): Entry | undefined {
  const [only] = entries
  if (entries.length === 1 && only !== undefined) return only.weight > 0 ? only : undefined
  let total = 0
  for (const entry of entries) total += entry.weight
  let left = chance * total
  for (const entry of entries) {
    if (left < entry.weight) return entry
    left -= entry.weight
  }
  return undefined
}
