import type { Cluster } from '@mesh/core/view'
import type { CircuitBreakers, CircuitBreakersSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/circuit_breaker_pb'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

type Breakers = Pick<Cluster, 'maxConnections' | 'maxPendingRequests' | 'maxRequests' | 'maxRetries'>

/** What Istio writes for "no limit", since Envoy's own default is one. */
const UNLIMITED = 4_294_967_295
/** Envoy's defaults of an absent threshold. */
const DEFAULTS = { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 }
const NAMES = ['maxConnections', 'maxPendingRequests', 'maxRequests', 'maxRetries'] as const

export function encodeBreakers(cluster: Breakers): Init<typeof CircuitBreakersSchema> {
  return { thresholds: [Object.fromEntries(NAMES.map((name) => [name, cluster[name] ?? UNLIMITED]))] }
}

export function decodeBreakers(breakers: CircuitBreakers | undefined): Breakers {
  const [threshold, more] = breakers?.thresholds ?? []
  if (more !== undefined || (threshold !== undefined && threshold.priority !== 0))
    refuse('circuit breakers of several priorities are not supported')
  const limits = NAMES.map((name) => [name, threshold?.[name] ?? DEFAULTS[name]] as const)
  return Object.fromEntries(limits.filter(([, limit]) => limit !== UNLIMITED))
}
