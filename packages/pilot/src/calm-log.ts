import { createLineBudget } from '@mesh/telemetry'
import { LINES_PER_S } from './limits.ts'
import type { Log } from './log.ts'

/** For events that peers bring about: so many lines of each a second, and the next one tells how many were left out. */
export function calmLog(log: Log, now?: () => number): Log {
  const budget = createLineBudget(LINES_PER_S, now)
  return (level, event, fields = {}) => {
    const leftOut = budget(event)
    if (leftOut !== undefined) log(level, event, leftOut === 0 ? fields : { ...fields, leftOut })
  }
}
