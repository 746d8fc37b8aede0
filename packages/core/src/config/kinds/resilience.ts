import { z } from 'zod'
import { Count, PortNumber } from '../fields/common.ts'
import { Duration, PositiveDuration } from '../fields/duration.ts'

const Percentage = z.int().min(0).max(100)

/** Istio `OutlierDetection`. */
export const OutlierDetection = z.strictObject({
  consecutiveErrors: Count.optional(),
  splitExternalLocalOriginErrors: z.boolean().optional(),
  consecutiveLocalOriginFailures: Count.optional(),
  consecutiveGatewayErrors: Count.optional(),
  consecutive5xxErrors: Count.optional(),
  interval: PositiveDuration.optional(),
  baseEjectionTime: PositiveDuration.optional(),
  maxEjectionPercent: Percentage.optional(),
  minHealthPercent: Percentage.optional(),
  outlierDetectionHttpErrorCodes: z.array(z.string()).optional(),
})

/** Istio `TrafficPolicy.TunnelSettings`. */
export const Tunnel = z.strictObject({ protocol: z.string().optional(), targetHost: z.string(), targetPort: PortNumber })

/** Istio `TrafficPolicy.ProxyProtocol`. */
export const ProxyProtocol = z.strictObject({ version: z.enum(['V1', 'V2']).optional() })

/** Istio `TrafficPolicy.RetryBudget`. */
export const RetryBudget = z.strictObject({
  percent: z.number().min(0).max(100).optional(),
  minRetryConcurrency: Count.optional(),
  budgetInterval: Duration.optional(),
})
