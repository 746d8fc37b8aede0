import type { Svid, SvidSource } from '@mesh/core/identity'
import { RETRY_BASE_MS, RETRY_MAX_MS } from './limits.ts'

/** Makes a new key and has it certified; rejects with the reason. */
export type ObtainSvid = (signal: AbortSignal) => Promise<Svid>

export interface SvidSourceOptions {
  readonly obtain: ObtainSvid
  /** Told of each failure; the SVID in force stays. */
  readonly onProblem: (error: unknown) => void
  /** Unix milliseconds. */
  readonly now?: () => number
  /** Uniform in [0, 1). */
  readonly chance?: () => number
  /** Arms a timer, answers how to cancel it. */
  readonly arm?: (delayMs: number, callback: () => void) => () => void
}

/**
 * Keeps an SVID fresh: obtains the first one, renews it at its time, tries again with growing, jittered pauses.
 * The old one stays in force until the new one is there.
 */
export function keepSvid(options: SvidSourceOptions): SvidSource {
  return new Keeper(options)
}

class Keeper implements SvidSource {
  readonly #options: SvidSourceOptions
  readonly #watchers = new Set<(svid: Svid) => void>()
  readonly #stop = new AbortController()
  #current: Svid | undefined
  #failures = 0
  #cancel: () => void = () => {}

  constructor(options: SvidSourceOptions) {
    this.#options = options
    this.#renew()
  }

  get current(): Svid | undefined {
    return this.#current
  }

  watch(onSvid: (svid: Svid) => void): () => void {
    this.#watchers.add(onSvid)
    if (this.#current !== undefined) onSvid(this.#current)
    return () => this.#watchers.delete(onSvid)
  }

  close(): void {
    this.#stop.abort()
    this.#cancel()
    this.#watchers.clear()
  }

  #renew(): void {
    this.#options.obtain(this.#stop.signal).then(
      (svid) => this.#adopt(svid),
      (error: unknown) => this.#failed(error),
    )
  }

  #adopt(svid: Svid): void {
    if (this.#stop.signal.aborted) return
    this.#failures = 0
    this.#current = svid
    this.#arm(svid.renewAtMs - this.#now())
    for (const watcher of this.#watchers) this.#tell(watcher, svid)
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return
    this.#options.onProblem(error)
    const ceiling = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(this.#failures++, 16))
    this.#arm(ceiling * (0.5 + this.#chance() / 2))
  }

  #tell(watcher: (svid: Svid) => void, svid: Svid): void {
    try {
      watcher(svid)
    } catch (error) {
      this.#options.onProblem(error)
    }
  }

  #arm(delayMs: number): void {
    const arm = this.#options.arm ?? armTimer
    this.#cancel = arm(Math.max(0, Math.min(delayMs, MAX_TIMER_MS)), () => this.#renew())
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  #chance(): number {
    return (this.#options.chance ?? Math.random)()
  }
}

/** What a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1

function armTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}
