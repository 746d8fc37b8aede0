import { Outliers, OutlierSlots, type OutlierEvent, type OutlierMemory, type OutlierPlan } from '@mesh/core/outlier'
import type { View } from '@mesh/core/view'
import type { Timer, Timers } from '@mesh/io'
import type { Counters } from '../counters.ts'

/** Where endpoints are watched in memory that all workers share. */
export interface SharedOutliers {
  readonly memory: OutlierMemory
  /** As of the view that is being applied. */
  readonly plan: () => OutlierPlan
}

export interface OutlierWatchOptions {
  readonly timers: Timers
  readonly counters: Counters
  /** Absent: this thread watches alone. */
  readonly shared?: SharedOutliers | undefined
  readonly onEvent?: ((event: OutlierEvent) => void) | undefined
}

/** Which endpoints are ejected, kept up to date with the view and the clock. */
export interface OutlierWatch extends Pick<Outliers, 'of'> {
  /** Ejected endpoints of all clusters, where this thread watches alone. */
  readonly ejected: OutlierSlots['ejected']
  follow(view: View): void
  close(): void
}

/** Milliseconds of a clock that all threads of the process share. */
export function outlierNow(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

/** Watches nothing until it follows a view. */
export function createOutlierWatch({ timers, counters, shared, onEvent }: OutlierWatchOptions): OutlierWatch {
  const slots = shared === undefined ? new OutlierSlots() : undefined
  const gauge = (): void => {
    if (slots !== undefined) counters.outlierEjectionsActive = slots.ejectedNow
  }
  const outliers = new Outliers((event) => {
    count(counters, event)
    gauge()
    onEvent?.(event)
  })
  let timer: Timer | undefined
  const arm = (): void => {
    timer?.cancel()
    timer = undefined
    const nowMs = outlierNow()
    const dueMs = outliers.nextSweepMs(nowMs)
    if (dueMs === Infinity) return
    timer = timers.arm(dueMs - nowMs, () => {
      outliers.sweep(outlierNow())
      arm()
    })
  }
  return {
    of: (cluster) => outliers.of(cluster),
    get ejected() {
      return slots?.ejected ?? []
    },
    follow(view) {
      const before = outliers.size
      if (slots === undefined) outliers.follow(view, shared?.plan() ?? new Map(), shared?.memory ?? NO_MEMORY)
      else outliers.follow(view, slots.assign(view), slots.memory)
      gauge()
      if (outliers.size > 0 || before > 0) arm()
    },
    close: () => timer?.cancel(),
  }
}

const NO_MEMORY: OutlierMemory = { clusters: new Int32Array(0), hosts: new Int32Array(0) }

function count(counters: Counters, event: OutlierEvent): void {
  if (event.kind === 'returned') return
  counters[DETECTED[event.reason]]++
  if (event.kind === 'kept') counters.outlierEjectionsOverflow++
  else {
    counters.outlierEjections++
    counters[ENFORCED[event.reason]]++
  }
}

const DETECTED = {
  consecutive_5xx: 'outlierDetected5xx',
  consecutive_gateway_failure: 'outlierDetectedGateway',
  consecutive_local_origin_failure: 'outlierDetectedLocal',
} as const
const ENFORCED = {
  consecutive_5xx: 'outlierEjected5xx',
  consecutive_gateway_failure: 'outlierEjectedGateway',
  consecutive_local_origin_failure: 'outlierEjectedLocal',
} as const
