import type { Reason } from '../engine/decision.ts'
import type { Fault, Forward, Route } from '../view/route.ts'
import { reasonOf } from './reason.ts'

/** Tells injected faults, the time for all tries, and when it is tried again. */
export function explainResilience(
  { fault, timeoutMs, origin }: Route,
  { retry }: Forward,
  reasons: Reason[],
): { readonly fault: Fault | undefined; readonly timeoutMs: number; readonly tries: number } {
  if (fault?.delay !== undefined) {
    const { ms, partsPerMillion } = fault.delay
    reasons.push(reasonOf('fault', `${percentOf(partsPerMillion)} are delayed by ${ms} ms`, fault.delay.origin ?? origin))
  }
  if (fault?.abort !== undefined) {
    const { status, partsPerMillion } = fault.abort
    reasons.push(reasonOf('fault', `${percentOf(partsPerMillion)} are answered with ${status}`, fault.abort.origin ?? origin))
  }
  reasons.push(reasonOf('timeout', timeoutMs > 0 ? `${timeoutMs} ms for all tries` : 'no timeout', origin))
  const tries = 1 + (retry?.attempts ?? 0)
  const each = retry !== undefined && retry.perTryTimeoutMs > 0 ? `, ${retry.perTryTimeoutMs} ms each` : ''
  const on = [...(retry?.on ?? []), ...(retry?.statuses ?? []).map(String)].join(', ')
  reasons.push(reasonOf('retry', tries > 1 ? `up to ${tries} tries${each}, again on ${on}` : 'one try', origin))
  return { fault, timeoutMs, tries }
}

function percentOf(partsPerMillion: number): string {
  return `${partsPerMillion / 10_000} %`
}
