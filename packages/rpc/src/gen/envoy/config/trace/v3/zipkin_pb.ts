// Generated from envoy/config/trace/v3/zipkin.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, boxed, enumeration, field, message } from '../../../../../protobuf/index.ts'

export const ZipkinConfig_CollectorEndpointVersion = {
  DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE: 0,
  HTTP_JSON: 1,
  HTTP_PROTO: 2,
  GRPC: 3,
} as const

export type ZipkinConfig_CollectorEndpointVersion = (typeof ZipkinConfig_CollectorEndpointVersion)[keyof typeof ZipkinConfig_CollectorEndpointVersion] | UnknownEnum

export interface ZipkinConfig extends Message<'envoy.config.trace.v3.ZipkinConfig'> {
  collectorCluster: string
  collectorEndpoint: string
  traceId128bit: boolean
  sharedSpanContext?: boolean
  collectorEndpointVersion: ZipkinConfig_CollectorEndpointVersion
}

export const ZipkinConfigSchema: DescMessage<ZipkinConfig> = message('envoy.config.trace.v3.ZipkinConfig', () => ({
  collectorCluster: field(1, 'string'),
  collectorEndpoint: field(2, 'string'),
  traceId128bit: field(3, 'bool', 'trace_id_128bit'),
  sharedSpanContext: field(4, boxed('bool')),
  collectorEndpointVersion: field(5, enumeration(ZipkinConfig_CollectorEndpointVersion)),
}))
