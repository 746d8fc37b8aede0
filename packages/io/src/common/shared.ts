import type { OnFault } from './faults.ts'
import type { TimerWheel } from './timer-wheel.ts'

/** What all parts of one plug share. */
export interface Shared {
  readonly timers: TimerWheel
  readonly onFault: OnFault
  readonly closeMs: number
  readonly maxUnsentBytes: number
}
