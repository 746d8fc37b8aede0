import type { Init } from './init.ts'
import type { RetryPolicy } from '@mesh/core/view'
import type { RetryPolicy as RetryMessage, RetryPolicySchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import { PreviousHostsPredicateSchema } from '@mesh/rpc/gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb'
import { pack, unpack } from './any.ts'
import { decodeMs, encodeMs } from './duration.ts'
import { refuse } from './refusal.ts'

const PREVIOUS_HOSTS = 'envoy.retry_host_predicates.previous_hosts'
/** Envoy's defaults. */
const BACKOFF_BASE_MS = 25

export function encodeRetry(retry: RetryPolicy): Init<typeof RetryPolicySchema> {
  return {
    retryOn: retry.on.join(','),
    numRetries: retry.attempts,
    ...(retry.perTryTimeoutMs > 0 ? { perTryTimeout: encodeMs(retry.perTryTimeoutMs) } : {}),
    retriableStatusCodes: [...retry.statuses],
    retryBackOff: { baseInterval: encodeMs(retry.backoffBaseMs), maxInterval: encodeMs(retry.backoffMaxMs) },
    ...(retry.avoidTriedPicks > 0 ? avoidTried(retry.avoidTriedPicks) : {}),
  }
}

export function decodeRetry(retry: RetryMessage): RetryPolicy {
  const base = retry.retryBackOff?.baseInterval
  const max = retry.retryBackOff?.maxInterval
  const backoffBaseMs = base === undefined ? BACKOFF_BASE_MS : decodeMs(base)
  return {
    attempts: retry.numRetries ?? 1,
    on: retry.retryOn.split(',').filter((condition) => condition !== ''),
    statuses: retry.retriableStatusCodes,
    perTryTimeoutMs: retry.perTryTimeout === undefined ? 0 : decodeMs(retry.perTryTimeout),
    backoffBaseMs,
    backoffMaxMs: max === undefined ? backoffBaseMs * 10 : decodeMs(max),
    avoidTriedPicks: decodeAvoidTried(retry),
  }
}

function avoidTried(picks: number): Init<typeof RetryPolicySchema> {
  return {
    retryHostPredicate: [{ name: PREVIOUS_HOSTS, configType: { case: 'typedConfig', value: pack(PreviousHostsPredicateSchema, {}) } }],
    hostSelectionRetryMaxAttempts: BigInt(picks),
  }
}

function decodeAvoidTried(retry: RetryMessage): number {
  for (const predicate of retry.retryHostPredicate) {
    if (predicate.name !== PREVIOUS_HOSTS) refuse(`retry host predicate ${predicate.name} is not supported`)
    if (predicate.configType.value !== undefined) unpack(PreviousHostsPredicateSchema, predicate.configType.value)
  }
  return retry.retryHostPredicate.length === 0 ? 0 : Number(retry.hostSelectionRetryMaxAttempts)
}
