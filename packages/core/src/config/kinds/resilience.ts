import { z } from 'zod'
import { Count, PortNumber } from '../fields/common.ts'
import { Duration, parseDuration, PositiveDuration } from '../fields/duration.ts'
import { deprecated, inert, noting, otherwise, type Note } from '../fields/note.ts'

const Percentage = z.int().min(0).max(100)

/** Istio `OutlierDetection`. */
export const OutlierDetection = z.strictObject({
  consecutiveErrors: deprecated(Count, 'Write `consecutiveGatewayErrors`.', { kind: 'rename', to: 'consecutiveGatewayErrors' }).optional(),
  splitExternalLocalOriginErrors: otherwise(z.boolean(), false).optional(),
  consecutiveLocalOriginFailures: otherwise(Count, 5).optional(),
  consecutiveGatewayErrors: otherwise(Count, 0).optional(),
  consecutive5xxErrors: otherwise(Count, 5).optional(),
  interval: otherwise(PositiveDuration, '10s').optional(),
  baseEjectionTime: otherwise(PositiveDuration, '30s').optional(),
  maxEjectionPercent: otherwise(Percentage, 10).optional(),
  minHealthPercent: otherwise(Percentage, 0).optional(),
  outlierDetectionHttpErrorCodes: inert(z.array(z.string())).optional(),
})
export type OutlierDetection = z.infer<typeof OutlierDetection>

/** Istio `TrafficPolicy.TunnelSettings`. */
export const Tunnel = z.strictObject({ protocol: z.string().optional(), targetHost: z.string(), targetPort: PortNumber })

/** Istio `TrafficPolicy.ProxyProtocol`. */
export const ProxyProtocol = z.strictObject({ version: z.enum(['V1', 'V2']).optional() })

const NOW_ONLY: Note = {
  code: 'MESH0101',
  message: '`budgetInterval` has no effect yet; what is under way at the moment counts.',
  fix: 'Write `0s`, or nothing.',
}

/** Istio `TrafficPolicy.RetryBudget`. */
export const RetryBudget = z.strictObject({
  percent: otherwise(z.number().min(0).max(100), 20).optional(),
  minRetryConcurrency: otherwise(Count, 3).optional(),
  budgetInterval: noting(
    Duration,
    (interval) => (parseDuration(interval) === 0 ? undefined : NOW_ONLY),
    () => NOW_ONLY,
  ).optional(),
})
export type RetryBudget = z.infer<typeof RetryBudget>
