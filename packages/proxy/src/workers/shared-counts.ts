import type { Turns } from '@mesh/core/balance'
import type { ClusterCounts, Count, OtherWorkers } from '../pool/counts.ts'

/**
 * What is counted over all workers: for each cluster that has a slot, of each kind the sum, and beside it each worker's own share.
 * A worker counts in at the sum first and out of it last, so that a bound is never passed, whoever ends in between.
 */
export interface CountsMemory {
  readonly cells: Int32Array
  /** Of each cluster's round robin, how many turns were taken. */
  readonly turns: Uint32Array
  readonly workers: number
}

/** Memory for so many clusters, all at zero. */
export function countsMemory({ workers, slots }: { readonly workers: number; readonly slots: number }): CountsMemory {
  const bytes = Int32Array.BYTES_PER_ELEMENT * slots * KINDS * (1 + workers)
  const turns = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * slots))
  return { cells: new Int32Array(new SharedArrayBuffer(bytes)), turns, workers }
}

/** The turns of the cluster in a slot, which all workers take together. */
export function turnsAt({ turns }: CountsMemory, slot: number): Turns {
  return { next: () => Atomics.add(turns, slot, 1) }
}

export interface Bell {
  ask(slot: number): void
  tell(slot: number): void
}

/** The counts of the cluster in a slot, for one of the workers. */
export function countsAt(memory: CountsMemory, place: { readonly slot: number; readonly worker: number }, bell: Bell): ClusterCounts {
  const count = (kind: number): SharedCount => new SharedCount(memory, cellOf(memory, place.slot, kind), place.worker)
  const [connections, pending] = [count(CONNECTIONS), count(PENDING)]
  const others: OtherWorkers = {
    deserve: (max) => pending.othersHave && someDeserves(max, connections, pending),
    precede: () => pending.othersHave && somePrecedes(connections, pending),
    ask: () => bell.ask(place.slot),
    tell: () => {
      if (pending.othersHave) bell.tell(place.slot)
    },
  }
  return { connections, requests: count(REQUESTS), retries: count(RETRIES), pending, others }
}

/** Takes what a worker that is no more had counted in out of all sums. */
export function returnShare({ cells, workers }: CountsMemory, worker: number): void {
  for (let at = 0; at < cells.length; at += 1 + workers) {
    const share = Atomics.exchange(cells, at + 1 + worker, 0)
    if (share !== 0) Atomics.sub(cells, at, share)
  }
}

/** Whether nothing is counted in for the cluster in a slot. */
export function isUnused(memory: CountsMemory, slot: number): boolean {
  const at = cellOf(memory, slot, 0)
  for (let kind = 0; kind < KINDS; kind++) if (Atomics.load(memory.cells, at + kind * (1 + memory.workers)) !== 0) return false
  return true
}

const [CONNECTIONS, REQUESTS, RETRIES, PENDING] = [0, 1, 2, 3]
const KINDS = 4

function cellOf({ workers }: CountsMemory, slot: number, kind: number): number {
  return (slot * KINDS + kind) * (1 + workers)
}

/**
 * A worker that waits has more right to a connection than one where nothing waits. Where both wait, the one with fewer connections has, if it has
 * none, or if the other one has more than its part. So of those who wait, the one with the fewest gives way to nobody.
 */
function someDeserves(max: number, connections: SharedCount, pending: SharedCount): boolean {
  const waits = pending.own > 0
  const own = connections.own
  const part = Math.ceil(max / connections.workers)
  for (let worker = 0; worker < pending.workers; worker++) {
    if (worker === pending.worker || pending.of(worker) === 0) continue
    const theirs = connections.of(worker)
    if (!waits || (theirs < own && (theirs === 0 || own > part))) return true
  }
  return false
}

function somePrecedes(connections: SharedCount, pending: SharedCount): boolean {
  const own = connections.own
  for (let worker = 0; worker < pending.workers; worker++)
    if (worker !== pending.worker && pending.of(worker) > 0 && connections.of(worker) <= own) return true
  return false
}

class SharedCount implements Count {
  readonly workers: number
  readonly worker: number
  readonly #cells: Int32Array
  readonly #sum: number
  readonly #own: number

  constructor({ cells, workers }: CountsMemory, sum: number, worker: number) {
    this.#cells = cells
    this.workers = workers
    this.worker = worker
    this.#sum = sum
    this.#own = sum + 1 + worker
  }

  get value(): number {
    return Atomics.load(this.#cells, this.#sum)
  }

  get own(): number {
    return Atomics.load(this.#cells, this.#own)
  }

  /** Whether some of them are of other workers. */
  get othersHave(): boolean {
    return this.value > this.own
  }

  of(worker: number): number {
    return Atomics.load(this.#cells, this.#sum + 1 + worker)
  }

  take(max: number): boolean {
    for (let seen = this.value; seen < max;) {
      const found = Atomics.compareExchange(this.#cells, this.#sum, seen, seen + 1)
      if (found === seen) {
        Atomics.add(this.#cells, this.#own, 1)
        return true
      }
      seen = found
    }
    return false
  }

  give(): void {
    if (this.own <= 0) return
    Atomics.sub(this.#cells, this.#own, 1)
    Atomics.sub(this.#cells, this.#sum, 1)
  }
}
