import type { Limits } from '../limits.ts'

/** What is still taken on while memory is short; each level does what those below it do. */
export const LEVELS = ['none', 'close-idle', 'stop-requests', 'stop-connections'] as const

export type Level = (typeof LEVELS)[number]

/** What a data plane asks before it takes something on. */
export interface Overload {
  /** Connections without a call end early. */
  readonly closesIdle: boolean
  /** New requests and streams are answered 503 (Envoy `stop_accepting_requests`). */
  readonly stopsRequests: boolean
  /** New connections are closed at once (Envoy `reject_incoming_connections`). */
  readonly stopsConnections: boolean
}

/** One that never is: nobody watches. */
export const NO_OVERLOAD: Overload = { closesIdle: false, stopsRequests: false, stopsConnections: false }

/** The level that one thread writes into a cell and all read. */
export class SharedLevel implements Overload {
  readonly #cell: Int32Array

  constructor(cell: Int32Array = new Int32Array(1)) {
    this.#cell = cell
  }

  get level(): Level {
    return LEVELS[this.#cell[0] ?? 0] ?? 'none'
  }

  set level(level: Level) {
    Atomics.store(this.#cell, 0, LEVELS.indexOf(level))
  }

  get closesIdle(): boolean {
    return this.#reached >= CLOSE_IDLE
  }

  get stopsRequests(): boolean {
    return this.#reached >= STOP_REQUESTS
  }

  get stopsConnections(): boolean {
    return this.#reached >= STOP_CONNECTIONS
  }

  get #reached(): number {
    return this.#cell[0] ?? 0
  }
}

const [CLOSE_IDLE, STOP_REQUESTS, STOP_CONNECTIONS] = [1, 2, 3]

export type Thresholds = Pick<Limits, 'memoryCloseIdle' | 'memoryStopRequests' | 'memoryStopConnections' | 'memoryRelief'>

/** The level behind `level` at a share of the memory: it rises at the thresholds, and falls when the share is below its own by the relief. */
export function nextLevel(level: Level, share: number, thresholds: Thresholds): Level {
  const at = [0, thresholds.memoryCloseIdle, thresholds.memoryStopRequests, thresholds.memoryStopConnections]
  const reached = at.findLastIndex((threshold) => share >= threshold)
  const kept = at.findLastIndex((threshold) => share > threshold - thresholds.memoryRelief)
  return LEVELS[Math.max(reached, Math.min(LEVELS.indexOf(level), kept), 0)] ?? 'none'
}
