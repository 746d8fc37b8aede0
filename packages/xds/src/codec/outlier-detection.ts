import type { Cluster, OutlierDetection } from '@mesh/core/view'
import type { Cluster as ClusterMessage, ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { decodeMs, encodeMs } from './duration.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

/** Envoy's defaults. */
const DEFAULTS = {
  failures: 5,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectionPercent: 10,
  panicPercent: 50,
}

/** Envoy `outlier_detection`, and the panic threshold that goes with it. Its detectors by statistics are off, as Istio has them. */
export function encodeOutlierDetection({
  outlierDetection: said,
}: Cluster): Pick<Init<typeof ClusterSchema>, 'outlierDetection' | 'commonLbConfig'> {
  if (said === undefined) return {}
  const { consecutiveLocalFailures: local } = said
  return {
    outlierDetection: {
      consecutive5xx: said.consecutive5xx,
      enforcingConsecutive5xx: enforcing(said.consecutive5xx),
      consecutiveGatewayFailure: said.consecutiveGatewayFailures,
      enforcingConsecutiveGatewayFailure: enforcing(said.consecutiveGatewayFailures),
      enforcingSuccessRate: 0,
      interval: encodeMs(said.intervalMs),
      baseEjectionTime: encodeMs(said.baseEjectionMs),
      maxEjectionTime: encodeMs(said.maxEjectionMs),
      maxEjectionPercent: said.maxEjectionPercent,
      alwaysEjectOneHost: said.alwaysEjectOne,
      ...(local === undefined
        ? {}
        : {
            splitExternalLocalOriginErrors: true,
            consecutiveLocalOriginFailure: local,
            enforcingConsecutiveLocalOriginFailure: enforcing(local),
            enforcingLocalOriginSuccessRate: 0,
          }),
    },
    commonLbConfig: { healthyPanicThreshold: { value: said.minHealthPercent } },
  }
}

export function decodeOutlierDetection({ outlierDetection: said, commonLbConfig }: ClusterMessage): Pick<Cluster, 'outlierDetection'> {
  const panicPercent = commonLbConfig?.healthyPanicThreshold?.value
  if (said === undefined) return (panicPercent ?? 0) > 0 ? refuse('a panic threshold without outlier detection is not supported') : {}
  const split = said.splitExternalLocalOriginErrors
  if ((said.enforcingSuccessRate ?? 100) > 0 || (split && (said.enforcingLocalOriginSuccessRate ?? 100) > 0))
    refuse('outlier detection by success rate is not supported (enforcing_success_rate must be 0)')
  if ((said.enforcingFailurePercentage ?? 0) > 0 || (split && (said.enforcingFailurePercentageLocalOrigin ?? 0) > 0))
    refuse('outlier detection by failure percentage is not supported (enforcing_failure_percentage must be 0)')
  const baseEjectionMs = said.baseEjectionTime === undefined ? DEFAULTS.baseEjectionMs : decodeMs(said.baseEjectionTime)
  const maxEjectionMs =
    said.maxEjectionTime === undefined ? Math.max(DEFAULTS.maxEjectionMs, baseEjectionMs) : decodeMs(said.maxEjectionTime)
  if (maxEjectionMs < baseEjectionMs) refuse('outlier detection: max_ejection_time is shorter than base_ejection_time')
  const outlierDetection: OutlierDetection = {
    consecutive5xx: failures(said.consecutive5xx, said.enforcingConsecutive5xx ?? 100),
    consecutiveGatewayFailures: failures(said.consecutiveGatewayFailure, said.enforcingConsecutiveGatewayFailure ?? 0),
    ...(split
      ? {
          consecutiveLocalFailures: failures(said.consecutiveLocalOriginFailure, said.enforcingConsecutiveLocalOriginFailure ?? 100),
        }
      : {}),
    intervalMs: said.interval === undefined ? DEFAULTS.intervalMs : decodeMs(said.interval),
    baseEjectionMs,
    maxEjectionMs,
    maxEjectionPercent: said.maxEjectionPercent ?? DEFAULTS.maxEjectionPercent,
    alwaysEjectOne: said.alwaysEjectOneHost ?? false,
    minHealthPercent: panicPercent ?? DEFAULTS.panicPercent,
  }
  return { outlierDetection }
}

function enforcing(count: number): number {
  return count > 0 ? 100 : 0
}

/** What is only counted is off here: it ejects nobody. */
function failures(count: number | undefined, percent: number): number {
  if (percent !== 0 && percent !== 100) refuse('an outlier that is ejected by chance is not supported (enforcing must be 0 or 100)')
  return percent === 0 ? 0 : (count ?? DEFAULTS.failures)
}
