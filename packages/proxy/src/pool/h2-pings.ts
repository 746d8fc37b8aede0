import type { Http2KeepAlive } from '@mesh/core/view'
import type { Timer, Timers } from '@mesh/io'
import { H2KeepAlive } from '@mesh/wire'

export interface H2PingOptions {
  readonly timers: Timers
  readonly settings: Http2KeepAlive
  /** Below this a server would take them for a flood. */
  readonly minIntervalMs: number
  readonly onPing: () => void
  /** Nothing came in time. */
  readonly onDead: () => void
}

/** PINGs on a shared connection, until it is stopped. */
export class H2Pings {
  readonly #options: H2PingOptions
  readonly #state: H2KeepAlive
  #timer: Timer | undefined

  constructor(options: H2PingOptions) {
    const { timers, settings, minIntervalMs } = options
    this.#options = options
    this.#state = new H2KeepAlive({
      intervalMs: Math.max(settings.intervalMs, minIntervalMs),
      timeoutMs: settings.timeoutMs,
      nowMs: timers.now(),
    })
    this.#arm()
  }

  heard(nowMs: number): void {
    if (this.#timer !== undefined && this.#state.heard(nowMs)) this.#arm()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #arm(): void {
    const { timers } = this.#options
    this.#timer?.cancel()
    this.#timer = timers.arm(Math.max(0, this.#state.dueAtMs - timers.now()), () => this.#step())
  }

  #step(): void {
    const step = this.#state.step(this.#options.timers.now())
    if (step === 'dead') return this.#options.onDead()
    if (step === 'ping') this.#options.onPing()
    if (this.#timer !== undefined) this.#arm()
  }
}
