import { url as debuggerUrl } from 'node:inspector'
import type { Vitals } from './vitals.ts'

/** Finds workers whose loop does not turn, by looking again and again: time in which nobody looked, as in a process that was stopped, does not count. */
export class HangWatch {
  readonly #vitals: Pick<Vitals, 'beats'>
  readonly #most: number
  readonly #seen = new Map<number, { beats: number; still: number }>()

  /** A worker hangs that showed no beat in so many looks. */
  constructor(vitals: Pick<Vitals, 'beats'>, most: number) {
    this.#vitals = vitals
    this.#most = most
  }

  /** Whether it hangs, told once. Whoever debugs may stop a worker for as long as it takes. */
  look(worker: number, debugged: boolean = debuggerUrl() !== undefined): boolean {
    const beats = Atomics.load(this.#vitals.beats, worker)
    const seen = this.#seen.get(worker)
    if (seen === undefined || seen.beats !== beats || debugged) {
      this.#seen.set(worker, { beats, still: 0 })
      return false
    }
    return ++seen.still === this.#most
  }

  /** Another one has its place. */
  forget(worker: number): void {
    this.#seen.delete(worker)
  }
}
