import type { Turns } from '@mesh/core/balance'
import { ownCounts, type ClusterCounts } from '../pool/counts.ts'
import type { Pools } from '../pool/pools.ts'
import type { Slots } from './messages.ts'
import { countsAt, turnsAt, type Bell, type CountsMemory } from './shared-counts.ts'

/** The clusters of this worker, by their slots in the memory that all workers share. */
export class SharedClusters {
  readonly #memory: CountsMemory
  readonly #worker: number
  readonly #bell: Bell
  readonly #slots = new Map<string, number>()
  readonly #names = new Map<number, string>()

  constructor(memory: CountsMemory, worker: number, bell: Bell) {
    this.#memory = memory
    this.#worker = worker
    this.#bell = bell
  }

  /** A slot that has another cluster now is no longer that of the one before. */
  know(slots: Slots): void {
    for (const [name, slot] of slots) {
      const before = this.#names.get(slot)
      if (before !== undefined && before !== name) this.#slots.delete(before)
      this.#slots.set(name, slot)
      this.#names.set(slot, name)
    }
  }

  /** A cluster that was never in a view, or is so no more and lost its slot, is nobody else's either. */
  countsOf(cluster: string): ClusterCounts {
    const slot = this.#slots.get(cluster)
    return slot === undefined ? ownCounts() : countsAt(this.#memory, { slot, worker: this.#worker }, this.#bell)
  }

  turnsOf(cluster: string): Turns | undefined {
    const slot = this.#slots.get(cluster)
    return slot === undefined ? undefined : turnsAt(this.#memory, slot)
  }

  /** What another worker rang. */
  ring(pools: Pools, word: 'ask' | 'tell', slot: number | undefined): void {
    if (slot !== undefined) {
      const name = this.#names.get(slot)
      if (name !== undefined) pools.hear(name, word)
      return
    }
    for (const name of this.#slots.keys()) pools.hear(name, word)
  }
}
