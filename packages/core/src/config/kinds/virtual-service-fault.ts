import { z } from 'zod'
import { Percent } from '../fields/common.ts'
import { PositiveDuration } from '../fields/duration.ts'
import { deprecated, inert } from '../fields/note.ts'

const OldPercent = deprecated(z.int().min(0).max(100), 'Write `percentage: {value: …}`.', {
  kind: 'rename',
  to: 'percentage',
  within: 'value',
})

const Delay = z
  .strictObject({
    fixedDelay: PositiveDuration.optional(),
    exponentialDelay: inert(PositiveDuration, 'Write `fixedDelay`.').optional(),
    percentage: Percent.optional(),
    percent: OldPercent.optional(),
  })
  .refine((delay) => (delay.fixedDelay === undefined) !== (delay.exponentialDelay === undefined), {
    error: 'does not say how long',
    params: { fix: 'Write `fixedDelay`, like `fixedDelay: 5s`.' },
  })

const Abort = z
  .strictObject({
    httpStatus: z.int().min(200).max(599).optional(),
    grpcStatus: inert(z.string(), 'Write `httpStatus`.').optional(),
    http2Error: inert(z.string(), 'Write `httpStatus`.').optional(),
    percentage: Percent.optional(),
    percent: OldPercent.optional(),
  })
  .refine((abort) => [abort.httpStatus, abort.grpcStatus, abort.http2Error].filter((status) => status !== undefined).length === 1, {
    error: 'needs exactly one status',
    params: { fix: 'Write `httpStatus`, like `httpStatus: 503`.' },
  })

/** Istio `HTTPFaultInjection`; without `percentage` and the old `percent` a fault meets every request. */
export const HttpFault = z
  .strictObject({ delay: Delay.optional(), abort: Abort.optional() })
  .refine((fault) => fault.delay !== undefined || fault.abort !== undefined, { error: 'has neither `delay` nor `abort`' })
export type HttpFault = z.infer<typeof HttpFault>
