import { z } from 'zod'
import { Duration, PositiveDuration } from '../fields/duration.ts'
import { inert, otherwise } from '../fields/note.ts'

const CONDITIONS = new Set([
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'envoy-ratelimited', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
])

const RetryOn = z.string().superRefine((text, context) => {
  for (const condition of text.split(',').map((part) => part.trim())) {
    if (condition === '' || CONDITIONS.has(condition) || /^[1-5]\d\d$/.test(condition)) continue
    context.addIssue({
      code: 'custom',
      message: `knows no condition "${condition}"`,
      params: { fix: `Write some of ${[...CONDITIONS].join(', ')}, or a status.` },
    })
  }
})

/** Istio `HTTPRetry`; `attempts` does not count the first try. */
export const HttpRetry = z
  .strictObject({
    attempts: otherwise(z.int().min(0).max(1000), 2).optional(),
    perTryTimeout: PositiveDuration.optional(),
    retryOn: otherwise(RetryOn, 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes').optional(),
    backoff: otherwise(Duration, '25ms').optional(),
    retryIgnorePreviousHosts: otherwise(z.boolean(), true).optional(),
    retryRemoteLocalities: inert(z.boolean()).optional(),
  })
  .refine((retry) => retry.attempts !== 0 || (retry.perTryTimeout === undefined && retry.retryOn === undefined), {
    error: 'switches retries off, and sets how to retry',
    params: { fix: 'Give `attempts` at least 1, or leave the rest out.' },
  })
export type HttpRetry = z.infer<typeof HttpRetry>
