// Generated from envoy/config/core/v3/health_check.proto by tools/protobuf/generate.mjs: do not edit.

import type { UnknownEnum } from '../../../../../protobuf/index.ts'

export const HealthStatus = {
  UNKNOWN: 0,
  HEALTHY: 1,
  UNHEALTHY: 2,
  DRAINING: 3,
  TIMEOUT: 4,
  DEGRADED: 5,
} as const

export type HealthStatus = (typeof HealthStatus)[keyof typeof HealthStatus] | UnknownEnum
