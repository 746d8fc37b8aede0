import { LINES_PER_S } from './limits.ts'
import type { Log } from './log.ts'

/** For events that peers bring about: so many lines of each a second, and the next one tells how many were left out. */
export function calmLog(log: Log, now: () => number = () => performance.now()): Log {
  const events = new Map<string, { second: number; lines: number; leftOut: number }>()
  return (level, event, fields = {}) => {
    const second = Math.floor(now() / 1000)
    const known = events.get(event) ?? { second, lines: 0, leftOut: 0 }
    events.set(event, known)
    if (known.second !== second) Object.assign(known, { second, lines: 0 })
    if (known.lines >= LINES_PER_S) {
      known.leftOut += 1
      return
    }
    known.lines += 1
    log(level, event, known.leftOut === 0 ? fields : { ...fields, leftOut: known.leftOut })
    known.leftOut = 0
  }
}
