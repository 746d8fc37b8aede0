import type { Timer, Timers } from '@mesh/io'
import type { Limits } from '../limits.ts'
import type { ListenerPlan } from '../state/listener-plan.ts'

/** A listener that is wanted and cannot be bound. */
export interface Waiting {
  plan: ListenerPlan
  /** One plain sentence. */
  reason: string
  attempts: number
  timer: Timer | undefined
}

export interface WaitingOptions {
  readonly timers: Timers
  readonly limits: Limits
  /** Its pause is over. */
  readonly onTime: (key: string) => void
}

/** Listeners that wait for their address to be free, each with pauses that grow. */
export class WaitingListeners {
  readonly #options: WaitingOptions
  readonly #byKey = new Map<string, Waiting>()

  constructor(options: WaitingOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#byKey.size
  }

  get all(): readonly Waiting[] {
    return [...this.#byKey.values()]
  }

  get(key: string): Waiting | undefined {
    return this.#byKey.get(key)
  }

  /** One more attempt failed; answers whether that is news. */
  failed(key: string, plan: ListenerPlan, reason: string): boolean {
    const before = this.#byKey.get(key)
    before?.timer?.cancel()
    const attempts = (before?.attempts ?? 0) + 1
    this.#byKey.set(key, { plan, reason, attempts, timer: this.#arm(key, attempts) })
    return before?.reason !== reason
  }

  /** Those for which this does not hold are no longer wanted. */
  keep(wanted: (key: string) => boolean): void {
    for (const key of this.#byKey.keys()) if (!wanted(key)) this.remove(key)
  }

  remove(key: string): boolean {
    this.#byKey.get(key)?.timer?.cancel()
    return this.#byKey.delete(key)
  }

  #arm(key: string, attempts: number): Timer {
    const { timers, limits, onTime } = this.#options
    return timers.arm(Math.min(limits.listenRetryMaxMs, limits.listenRetryMs * 2 ** Math.min(attempts - 1, 16)), () => onTime(key))
  }
}
