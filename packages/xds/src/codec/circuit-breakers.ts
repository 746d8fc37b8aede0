import type { Cluster } from '@mesh/core/view'
import type {
  CircuitBreakers,
  CircuitBreakersSchema,
  CircuitBreakers_Thresholds,
} from '@mesh/rpc/gen/envoy/config/cluster/v3/circuit_breaker_pb'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

type Breakers = Pick<Cluster, 'maxConnections' | 'maxPendingRequests' | 'maxRequests' | 'maxRetries' | 'retryBudget'>

/** What Istio writes for "no limit", since Envoy's own default is one. */
const UNLIMITED = 4_294_967_295
/** Envoy's defaults of an absent threshold. */
const DEFAULTS = { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 }
const BUDGET = { percent: 20, minConcurrency: 3 }
const NAMES = ['maxConnections', 'maxPendingRequests', 'maxRequests', 'maxRetries'] as const

export function encodeBreakers(cluster: Breakers): Init<typeof CircuitBreakersSchema> {
  const { retryBudget: budget } = cluster
  const bounds = Object.fromEntries(NAMES.map((name) => [name, cluster[name] ?? UNLIMITED]))
  if (budget === undefined) return { thresholds: [bounds] }
  return {
    thresholds: [{ ...bounds, retryBudget: { budgetPercent: { value: budget.percent }, minRetryConcurrency: budget.minConcurrency } }],
  }
}

export function decodeBreakers(breakers: CircuitBreakers | undefined): Breakers {
  const [threshold, more] = breakers?.thresholds ?? []
  if (more !== undefined || (threshold !== undefined && threshold.priority !== 0))
    refuse('circuit breakers of several priorities are not supported')
  const limits = NAMES.map((name) => [name, threshold?.[name] ?? DEFAULTS[name]] as const)
  return { ...Object.fromEntries(limits.filter(([, limit]) => limit !== UNLIMITED)), ...decodeBudget(threshold) }
}

function decodeBudget(threshold: CircuitBreakers_Thresholds | undefined): Pick<Breakers, 'retryBudget'> {
  const budget = threshold?.retryBudget
  if (budget === undefined) return {}
  return {
    retryBudget: {
      percent: budget.budgetPercent?.value ?? BUDGET.percent,
      minConcurrency: budget.minRetryConcurrency ?? BUDGET.minConcurrency,
    },
  }
}
