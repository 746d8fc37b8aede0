import { troubleOf, type CallRecord, type Trouble } from '@mesh/core/call'
import { createLineBudget } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'

/**
 * Tells what is wrong with replies that were made here, each in a sentence. Of a flood only a part is told, with how many
 * of the same sort were not; monotonic milliseconds.
 */
export function createTroubleLog(
  tell: (trouble: Trouble, leftOut: number) => void,
  now: () => number = () => performance.now(),
): (record: CallRecord) => void {
  const budget = createLineBudget(LIMITS.troubleLinesPerSecond, now)
  return (record) => {
    if (isMeant(record)) return
    const leftOut = budget(record.flags.at(-1) ?? String(record.status))
    const trouble = leftOut === undefined ? undefined : troubleOf(record)
    if (trouble !== undefined && leftOut !== undefined) tell(trouble, leftOut)
  }
}

/** A page or a redirect that a route is there to answer. */
function isMeant({ status, details, cause, protocol }: CallRecord): boolean {
  return protocol === 'http' && (status < 400 || (details === 'direct_response' && cause !== undefined))
}
