import { randomInt } from 'node:crypto'
import type { View } from '@mesh/core/view'
import { LIMITS } from '../limits.ts'
import type { Slots } from './messages.ts'
import { countsMemory, isUnused, type CountsMemory } from './shared-counts.ts'

/** Which cluster is counted where in the memory that all workers share. */
export interface SlotTable {
  readonly memory: CountsMemory
  /** A slot for each cluster of a view. Throws an Error when there are too many. */
  assign(view: View): Slots
}

/** More than endpoints of most clusters. */
const FIRST_TURNS = 2 ** 16

/** A cluster keeps its slot while it is in views, and beyond as long as something of it is counted, or nobody else needs the slot. */
export function createSlots(workers: number, slots: number = LIMITS.sharedClusters): SlotTable {
  const memory = countsMemory({ workers, slots })
  const byCluster = new Map<string, number>()
  let next = 0
  const take = (inView: ReadonlySet<string>): number => {
    if (next < slots) return next++
    for (const [cluster, slot] of byCluster) {
      if (inView.has(cluster) || !isUnused(memory, slot)) continue
      byCluster.delete(cluster)
      return slot
    }
    throw new Error(`With several workers a view may have at most ${slots} clusters.`)
  }
  return {
    memory,
    assign({ clusters }) {
      const names = new Set(clusters.map(({ name }) => name))
      for (const name of names) {
        if (byCluster.has(name)) continue
        const slot = take(names)
        byCluster.set(name, slot)
        // Proxies that start together are not all to begin with the same endpoint.
        memory.turns[slot] = randomInt(FIRST_TURNS)
      }
      return [...names].map((name) => [name, byCluster.get(name) ?? 0] as const)
    },
  }
}
