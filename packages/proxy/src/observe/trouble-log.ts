import { troubleOf, type CallRecord, type Trouble } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'

/**
 * Tells what is wrong with replies that were made here, each in a sentence. Under a flood only so many a second are told,
 * and the next one says how many were not.
 */
export function createTroubleLog(tell: (trouble: Trouble, unsaid: number) => void): (record: CallRecord) => void {
  let left = LIMITS.troubleBurst
  let sinceMs = Number.NEGATIVE_INFINITY
  let unsaid = 0
  return (record) => {
    if (isMeant(record)) return
    const nowMs = record.startMs + record.durationMs
    left = Math.min(LIMITS.troubleBurst, left + (Math.max(0, nowMs - sinceMs) / 1000) * LIMITS.troublesPerSecond)
    sinceMs = nowMs
    if (left < 1) {
      unsaid++
      return
    }
    const trouble = troubleOf(record)
    if (trouble === undefined) return
    left--
    tell(trouble, unsaid)
    unsaid = 0
  }
}

/** A page or a redirect that a route is there to answer. */
function isMeant({ status, details, cause, protocol }: CallRecord): boolean {
  return protocol === 'http' && (status < 400 || (details === 'direct_response' && cause !== undefined))
}
