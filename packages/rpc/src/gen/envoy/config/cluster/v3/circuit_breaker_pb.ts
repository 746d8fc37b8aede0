// Generated from envoy/config/cluster/v3/circuit_breaker.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, enumeration, field, list, message } from '../../../../../protobuf/index.ts'
import { type Percent, PercentSchema } from '../../../type/v3/percent_pb.ts'
import { RoutingPriority } from '../../core/v3/base_pb.ts'

export interface CircuitBreakers extends Message<'envoy.config.cluster.v3.CircuitBreakers'> {
  thresholds: CircuitBreakers_Thresholds[]
}

export const CircuitBreakersSchema: DescMessage<CircuitBreakers> = message('envoy.config.cluster.v3.CircuitBreakers', () => ({
  thresholds: list(1, CircuitBreakers_ThresholdsSchema),
}))

export interface CircuitBreakers_Thresholds extends Message<'envoy.config.cluster.v3.CircuitBreakers.Thresholds'> {
  priority: RoutingPriority
  maxConnections?: number
  maxPendingRequests?: number
  maxRequests?: number
  maxRetries?: number
  retryBudget?: CircuitBreakers_Thresholds_RetryBudget
}

export const CircuitBreakers_ThresholdsSchema: DescMessage<CircuitBreakers_Thresholds> = message('envoy.config.cluster.v3.CircuitBreakers.Thresholds', () => ({
  priority: field(1, enumeration(RoutingPriority)),
  maxConnections: field(2, boxed('uint32')),
  maxPendingRequests: field(3, boxed('uint32')),
  maxRequests: field(4, boxed('uint32')),
  maxRetries: field(5, boxed('uint32')),
  retryBudget: field(8, CircuitBreakers_Thresholds_RetryBudgetSchema),
}))

export interface CircuitBreakers_Thresholds_RetryBudget extends Message<'envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget'> {
  budgetPercent?: Percent
  minRetryConcurrency?: number
}

export const CircuitBreakers_Thresholds_RetryBudgetSchema: DescMessage<CircuitBreakers_Thresholds_RetryBudget> = message('envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget', () => ({
  budgetPercent: field(1, PercentSchema),
  minRetryConcurrency: field(2, boxed('uint32')),
}))
