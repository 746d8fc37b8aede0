/** What every thread of a process sees of the others: what is still taken on, and of each worker how often its loop turned and how full its heap is. */
export interface Vitals {
  readonly level: Int32Array
  readonly beats: Uint32Array
  /** Thousandths of what the heap may have. */
  readonly heaps: Int32Array
  /** 1: it was taken for hung, and ends once its loop turns again. */
  readonly givenUp: Int32Array
}

/** Shared memory for so many workers, all at zero. */
export function createVitals(workers: number): Vitals {
  const cells = (count: number): SharedArrayBuffer => new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * count)
  return {
    level: new Int32Array(cells(1)),
    beats: new Uint32Array(cells(workers)),
    heaps: new Int32Array(cells(workers)),
    givenUp: new Int32Array(cells(workers)),
  }
}

/** Of a worker, each time that its loop comes round. */
export function beat({ beats, heaps }: Vitals, worker: number, heapShare: number): void {
  Atomics.add(beats, worker, 1)
  Atomics.store(heaps, worker, Math.round(1000 * heapShare))
}

/** The fullest heap of all workers, 0 to 1. */
export function fullestHeap({ heaps }: Vitals): number {
  let most = 0
  for (let worker = 0; worker < heaps.length; worker++) most = Math.max(most, Atomics.load(heaps, worker))
  return most / 1000
}

/** Nobody waits for a worker any longer. */
export function giveUp({ givenUp }: Vitals, worker: number): void {
  Atomics.store(givenUp, worker, 1)
}

export function isGivenUp({ givenUp }: Vitals, worker: number): boolean {
  return Atomics.load(givenUp, worker) === 1
}

/** A worker is no more: its place is as new. */
export function forgetVitals({ heaps, givenUp }: Vitals, worker: number): void {
  Atomics.store(heaps, worker, 0)
  Atomics.store(givenUp, worker, 0)
}
