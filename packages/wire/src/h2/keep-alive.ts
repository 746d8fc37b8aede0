/**
 * Whether the peer of a quiet connection is still there: a PING each interval, and the end when nothing came within the timeout
 * behind it. Whatever comes proves that it is (Envoy's `connection_keepalive` lets any frame prolong the wait). Times are monotonic milliseconds.
 */
export class H2KeepAlive {
  readonly #intervalMs: number
  readonly #timeoutMs: number
  /** When the next PING is due; Infinity while one is out. */
  #pingAtMs: number
  /** When the peer is given up; Infinity while no PING is out. */
  #deadAtMs = Infinity

  constructor(options: { readonly intervalMs: number; readonly timeoutMs: number; readonly nowMs: number }) {
    this.#intervalMs = options.intervalMs
    this.#timeoutMs = options.timeoutMs
    this.#pingAtMs = options.nowMs + options.intervalMs
  }

  /** When to ask for the next `step`. */
  get dueAtMs(): number {
    return Math.min(this.#pingAtMs, this.#deadAtMs)
  }

  /** Bytes came; true: they were waited for, and `dueAtMs` is another one. */
  heard(nowMs: number): boolean {
    if (this.#deadAtMs === Infinity) return false
    this.#deadAtMs = Infinity
    this.#pingAtMs = nowMs + this.#intervalMs
    return true
  }

  /** What is to be done now: send a PING, or give the peer up. */
  step(nowMs: number): 'wait' | 'ping' | 'dead' {
    if (nowMs >= this.#deadAtMs) return 'dead'
    if (nowMs < this.#pingAtMs) return 'wait'
    this.#pingAtMs = Infinity
    this.#deadAtMs = nowMs + this.#timeoutMs
    return 'ping'
  }
}
