import type { Timers } from '@mesh/io'
import { LIMITS } from '../limits.ts'
import type { Overload } from '../overload/level.ts'
import { OWN_MEMORY, type MemoryMeter } from '../overload/memory-meter.ts'
import { beat, isGivenUp, type Vitals } from './vitals.ts'

/** Of a worker: tells the others that its loop turns and how full its heap is; collects its garbage while requests are refused. */
export function startPulse(options: {
  readonly timers: Timers
  readonly vitals: Vitals
  readonly worker: number
  readonly overload: Overload
  /** It hung, and is back; it shall end. */
  readonly onGivenUp: () => void
  readonly meter?: MemoryMeter
}): void {
  const { timers, vitals, worker, overload, onGivenUp, meter = OWN_MEMORY } = options
  let collectedMs = -Infinity
  const turn = (): void => {
    if (isGivenUp(vitals, worker)) return onGivenUp()
    timers.arm(LIMITS.memoryLookMs, turn)
    if (overload.stopsRequests && timers.now() - collectedMs >= LIMITS.memoryCollectMs) {
      collectedMs = timers.now()
      meter.collect()
    }
    beat(vitals, worker, meter.heapShare())
  }
  turn()
}
