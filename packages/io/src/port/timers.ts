/** A timer wheel: cheap to arm and to cancel, 4 ms coarse, monotonic. */
export interface Timers {
  /** Milliseconds since an arbitrary start, monotonic; constant within one turn. */
  now(): number
  /** Unix time in milliseconds; constant within one turn. */
  wallClock(): number
  /** Calls back once, not before `delayMs`; a callback that throws is reported, never rethrown. */
  arm(delayMs: number, callback: () => void): Timer
}

export interface Timer {
  /** Safe to call twice, and after it fired. */
  cancel(): void
}
