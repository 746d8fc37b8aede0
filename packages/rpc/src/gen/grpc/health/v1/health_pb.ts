// Generated from grpc/health/v1/health.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, enumeration, field, message, service } from '../../../../protobuf/index.ts'

export const HealthCheckResponse_ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  SERVICE_UNKNOWN: 3,
} as const

export type HealthCheckResponse_ServingStatus = (typeof HealthCheckResponse_ServingStatus)[keyof typeof HealthCheckResponse_ServingStatus] | UnknownEnum

export interface HealthCheckRequest extends Message<'grpc.health.v1.HealthCheckRequest'> {
  service: string
}

export const HealthCheckRequestSchema: DescMessage<HealthCheckRequest> = message('grpc.health.v1.HealthCheckRequest', () => ({
  service: field(1, 'string'),
}))

export interface HealthCheckResponse extends Message<'grpc.health.v1.HealthCheckResponse'> {
  status: HealthCheckResponse_ServingStatus
}

export const HealthCheckResponseSchema: DescMessage<HealthCheckResponse> = message('grpc.health.v1.HealthCheckResponse', () => ({
  status: field(1, enumeration(HealthCheckResponse_ServingStatus)),
}))

export const Health = service('grpc.health.v1.Health', {
  check: { methodKind: 'unary', input: HealthCheckRequestSchema, output: HealthCheckResponseSchema },
  watch: { methodKind: 'server_streaming', input: HealthCheckRequestSchema, output: HealthCheckResponseSchema },
})
