import type { RetrySlots } from '@mesh/core/call'
import type { Engine } from '@mesh/core/engine'
import type { Cluster, Endpoint } from '@mesh/core/view'
import { ClusterPool, type PoolOptions } from './cluster-pool.ts'
import type { Names } from './names.ts'
import type { OutlierWatch } from './outlier-watch.ts'

/** All upstream connections of a proxy. They outlive a change of the view where their endpoint does. */
export interface Pools {
  cluster(cluster: Cluster): ClusterPool
  readonly names: Names
  /** Bounds retries per cluster. */
  readonly retrySlots: RetrySlots
  /** Every cluster that has a pool. */
  list(): Iterable<ClusterPool>
  /** Calls under way to an endpoint, for least-request balancing. */
  active(cluster: string, endpoint: Endpoint): number
  update(engine: Engine, trustChanged: boolean): void
  /** What another worker says of a cluster. */
  hear(cluster: string, word: 'ask' | 'tell'): void
  sweep(nowMs: number): void
  close(): void
}

/** Pools without connections. */
export function createPools(options: PoolOptions & { readonly outliers: OutlierWatch }, names: Names): Pools {
  const byName = new Map<string, ClusterPool>()
  const poolOf = (cluster: Cluster): ClusterPool => {
    let pool = byName.get(cluster.name)
    if (pool === undefined) {
      pool = new ClusterPool(cluster, options)
      byName.set(cluster.name, pool)
    }
    return pool
  }
  return {
    names,
    cluster: poolOf,
    retrySlots: {
      take: ({ cluster }) => poolOf(cluster).beginRetry(),
      // Workers share the counts of a cluster beyond its pool here.
      give: ({ cluster }) => (byName.get(cluster.name)?.retries ?? options.countsOf(cluster.name).retries).give(),
    },
    list: () => byName.values(),
    active(cluster, endpoint) {
      return byName.get(cluster)?.activeAt(endpoint) ?? 0
    },
    update(engine, trustChanged) {
      options.outliers.follow(engine.view)
      for (const [name, pool] of byName) {
        const state = engine.cluster(name)
        if (state !== undefined) pool.update(state.cluster, state.endpoints, trustChanged)
        else {
          pool.retire()
          byName.delete(name)
        }
      }
      names.keep(namesOf(engine))
    },
    hear(cluster, word) {
      const pool = byName.get(cluster)
      if (word === 'ask') pool?.asked()
      else pool?.told()
    },
    sweep(nowMs) {
      for (const pool of byName.values()) pool.sweep(nowMs)
      names.sweep(nowMs)
    },
    close() {
      for (const pool of byName.values()) pool.retire()
      options.outliers.close()
      names.close()
    },
  }
}

function namesOf(engine: Engine): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const { discovery } of engine.view.clusters) {
    if (discovery.kind !== 'dns') continue
    for (const endpoint of discovery.endpoints) names.set(endpoint.address, discovery.refreshMs)
  }
  return names
}
