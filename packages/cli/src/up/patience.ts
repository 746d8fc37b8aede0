import { MAX_FAILED_STARTS } from './limits.ts'

/** How long the start of a mesh waits for each of its processes: not for one that ends again and again, nor for one that says why it cannot be ready. */
export class Patience {
  readonly #whole: AbortSignal
  readonly #limits = new Map<string, AbortController>()
  readonly #ends = new Map<string, number>()

  /** Nothing is awaited longer than `whole`. */
  constructor(whole: AbortSignal) {
    this.#whole = whole
  }

  /** Aborts when there is no sense in waiting for the process any more. */
  with(process: string): AbortSignal {
    return AbortSignal.any([this.#whole, this.#limit(process).signal])
  }

  /** The process ended by itself. */
  ended(process: string): void {
    const ends = (this.#ends.get(process) ?? 0) + 1
    this.#ends.set(process, ends)
    if (ends >= MAX_FAILED_STARTS) this.lose(process)
  }

  lose(process: string): void {
    this.#limit(process).abort()
  }

  loseAll(): void {
    for (const limit of this.#limits.values()) limit.abort()
  }

  #limit(process: string): AbortController {
    const limit = this.#limits.get(process) ?? new AbortController()
    this.#limits.set(process, limit)
    return limit
  }
}
