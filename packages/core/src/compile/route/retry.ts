import { parseDuration } from '../../config/fields/duration.ts'
import type { RetryPolicy } from '../../view/route.ts'
import type { HttpRetryBody } from '../bodies.ts'

/** Istio's retries where a rule says nothing: twice, on what is safe to try again, avoiding endpoints that were tried. */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 2,
  on: ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', 'retriable-status-codes'],
  statuses: [],
  perTryTimeoutMs: 0,
  backoffBaseMs: 25,
  backoffMaxMs: 250,
  avoidTriedPicks: 5,
}

/** Istio's retries towards the application itself. */
export const INBOUND_RETRY: RetryPolicy = { ...DEFAULT_RETRY, on: ['reset-before-request'], avoidTriedPicks: 0 }

/** Istio `HTTPRetry`; undefined when it switches retries off. */
export function retryPolicy(body: HttpRetryBody | undefined): RetryPolicy | undefined {
  if (body === undefined) return DEFAULT_RETRY
  const attempts = body.attempts ?? DEFAULT_RETRY.attempts
  if (attempts === 0) return undefined
  const base = body.backoff === undefined ? DEFAULT_RETRY.backoffBaseMs : Math.max(1, parseDuration(body.backoff) ?? 0)
  return {
    attempts,
    ...conditions(body.retryOn),
    perTryTimeoutMs: body.perTryTimeout === undefined ? 0 : (parseDuration(body.perTryTimeout) ?? 0),
    backoffBaseMs: base,
    backoffMaxMs: base * 10,
    avoidTriedPicks: body.retryIgnorePreviousHosts === false ? 0 : DEFAULT_RETRY.avoidTriedPicks,
  }
}

/** Bare numbers are statuses, and ask for `retriable-status-codes`. */
function conditions(retryOn: string | undefined): Pick<RetryPolicy, 'on' | 'statuses'> {
  const words = (retryOn ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  if (words.length === 0) return { on: DEFAULT_RETRY.on, statuses: [] }
  const statuses = words.filter((word) => /^\d+$/.test(word)).map(Number)
  const on = words.filter((word) => !/^\d+$/.test(word))
  const extra = statuses.length > 0 && !on.includes('retriable-status-codes') ? ['retriable-status-codes'] : []
  return { on: [...on, ...extra], statuses }
}
