import type { Timer, Timers } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'
import type { Level, SharedLevel } from './level.ts'
import { limitBytes, type MemoryLimit } from './memory-limit.ts'
import { MemoryWatch, type MemoryChange, type MemoryNumbers } from './memory-watch.ts'

export interface RunningWatch {
  readonly numbers: MemoryNumbers
  stop(): void
}

/** Watches the memory of this process as its settings say, and tells the log what comes of it. */
export function startWatch(options: {
  readonly setting: MemoryLimit
  readonly timers: Timers
  readonly log: Logger
  readonly level: SharedLevel
  readonly otherHeaps?: () => number
}): RunningWatch {
  const { setting, timers, log, level, otherHeaps } = options
  const watch = new MemoryWatch({
    limitBytes: limitBytes(setting),
    level,
    onChange: (change) => tellLog(log, change),
    ...(otherHeaps === undefined ? {} : { otherHeaps }),
  })
  let timer: Timer
  const arm = (): void => {
    timer = timers.arm(LIMITS.memoryLookMs, () => {
      arm()
      watch.look(timers.now())
    })
  }
  arm()
  watch.look(timers.now())
  return { numbers: watch.numbers, stop: () => timer.cancel() }
}

function tellLog(log: Logger, { level, before, residentBytes, limitBytes: bound, heapShare }: MemoryChange): void {
  const fields = {
    overload: level,
    before,
    residentMiB: mebibytes(residentBytes),
    limitMiB: mebibytes(bound),
    heapPercent: Math.round(100 * heapShare),
  }
  if (level === 'none') log.info(fields, 'memory is enough again: everything is taken on')
  else log.warn(fields, `memory is short (memoryLimit, --memory-limit): ${WORDS[level]}`)
}

const WORDS: Readonly<Record<Exclude<Level, 'none'>, string>> = {
  'close-idle': 'idle connections are closed early',
  'stop-requests': 'new requests are answered 503, and idle connections are closed early',
  'stop-connections': 'new connections are closed at once, new requests are answered 503, and idle connections are closed early',
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}
