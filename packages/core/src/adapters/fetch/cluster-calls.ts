import { maxRetries } from '../../balance/max-retries.ts'
import type { RetrySlots } from '../../call/call.ts'
import type { ClusterState } from '../../engine/engine.ts'

/** Tries under way by cluster, and how many calls of each may be tried again at once. */
export class ClusterCalls implements RetrySlots {
  readonly #tries = new Tally()
  readonly #retries = new Tally()

  /** Counts a try; what comes back ends it. */
  begin({ cluster: { name } }: ClusterState): () => void {
    this.#tries.add(name, 1)
    return () => this.#tries.add(name, -1)
  }

  take({ cluster }: ClusterState): boolean {
    if (this.#retries.of(cluster.name) >= maxRetries(cluster, this.#tries.of(cluster.name))) return false
    this.#retries.add(cluster.name, 1)
    return true
  }

  give({ cluster }: ClusterState): void {
    this.#retries.add(cluster.name, -1)
  }
}

/** What is at 0 takes no room. */
class Tally {
  readonly #counts = new Map<string, number>()

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  add(name: string, count: number): void {
    const sum = this.of(name) + count
    if (sum > 0) this.#counts.set(name, sum)
    else this.#counts.delete(name)
  }
}
