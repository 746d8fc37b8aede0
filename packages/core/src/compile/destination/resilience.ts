import { parseDuration } from '../../config/fields/duration.ts'
import type { Cluster, OutlierDetection } from '../../view/cluster.ts'
import type { PolicyParts } from './policy.ts'

/** When endpoints are left out, and how many retries there may be. */
export function resilience({ outlierDetection, retryBudget }: PolicyParts): Pick<Cluster, 'outlierDetection' | 'retryBudget'> {
  return {
    ...(outlierDetection === undefined ? {} : { outlierDetection: ejections(outlierDetection) }),
    ...(retryBudget === undefined
      ? {}
      : { retryBudget: { percent: retryBudget.percent ?? 20, minConcurrency: retryBudget.minRetryConcurrency ?? 3 } }),
  }
}

/** Istio's defaults, which are Envoy's but for gateway errors; 0 stands for the default where it would make no sense. */
function ejections(said: NonNullable<PolicyParts['outlierDetection']>): OutlierDetection {
  const baseEjectionMs = ms(said.baseEjectionTime) ?? 30_000
  return {
    consecutive5xx: said.consecutive5xxErrors ?? 5,
    // What was called `consecutiveErrors` counted 502, 503 and 504.
    consecutiveGatewayFailures: said.consecutiveGatewayErrors ?? said.consecutiveErrors ?? 0,
    ...(said.splitExternalLocalOriginErrors === true
      ? { consecutiveLocalFailures: positive(said.consecutiveLocalOriginFailures) ?? 5 }
      : {}),
    intervalMs: ms(said.interval) ?? 10_000,
    baseEjectionMs,
    maxEjectionMs: Math.max(MAX_EJECTION_MS, baseEjectionMs),
    maxEjectionPercent: positive(said.maxEjectionPercent) ?? 10,
    alwaysEjectOne: true,
    minHealthPercent: said.minHealthPercent ?? 0,
  }
}

/** Envoy `max_ejection_time`, for which Istio has no field. */
const MAX_EJECTION_MS = 300_000

function positive(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value
}

function ms(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration)
}
