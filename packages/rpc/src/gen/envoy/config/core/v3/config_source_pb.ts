// Generated from envoy/config/core/v3/config_source.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, enumeration, field, list, message, oneof } from '../../../../../protobuf/index.ts'
import { type Duration, DurationSchema } from '../../../../google/protobuf/duration_pb.ts'
import { type GrpcService, GrpcServiceSchema } from './grpc_service_pb.ts'

export const ApiVersion = {
  AUTO: 0,
  V2: 1,
  V3: 2,
} as const

export type ApiVersion = (typeof ApiVersion)[keyof typeof ApiVersion] | UnknownEnum

export const ApiConfigSource_ApiType = {
  DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE: 0,
  REST: 1,
  GRPC: 2,
  DELTA_GRPC: 3,
  AGGREGATED_GRPC: 5,
  AGGREGATED_DELTA_GRPC: 6,
} as const

export type ApiConfigSource_ApiType = (typeof ApiConfigSource_ApiType)[keyof typeof ApiConfigSource_ApiType] | UnknownEnum

export interface ApiConfigSource extends Message<'envoy.config.core.v3.ApiConfigSource'> {
  apiType: ApiConfigSource_ApiType
  transportApiVersion: ApiVersion
  grpcServices: GrpcService[]
  setNodeOnFirstMessageOnly: boolean
}

export const ApiConfigSourceSchema: DescMessage<ApiConfigSource> = message('envoy.config.core.v3.ApiConfigSource', () => ({
  apiType: field(1, enumeration(ApiConfigSource_ApiType)),
  transportApiVersion: field(8, enumeration(ApiVersion)),
  grpcServices: list(4, GrpcServiceSchema),
  setNodeOnFirstMessageOnly: field(7, 'bool'),
}))

export interface AggregatedConfigSource extends Message<'envoy.config.core.v3.AggregatedConfigSource'> {
}

export const AggregatedConfigSourceSchema: DescMessage<AggregatedConfigSource> = message('envoy.config.core.v3.AggregatedConfigSource', () => ({
}))

export interface SelfConfigSource extends Message<'envoy.config.core.v3.SelfConfigSource'> {
  transportApiVersion: ApiVersion
}

export const SelfConfigSourceSchema: DescMessage<SelfConfigSource> = message('envoy.config.core.v3.SelfConfigSource', () => ({
  transportApiVersion: field(1, enumeration(ApiVersion)),
}))

export interface ConfigSource extends Message<'envoy.config.core.v3.ConfigSource'> {
  configSourceSpecifier: { case: 'apiConfigSource'; value: ApiConfigSource } | { case: 'ads'; value: AggregatedConfigSource } | { case: 'self'; value: SelfConfigSource } | { case: undefined; value?: undefined }
  initialFetchTimeout?: Duration
  resourceApiVersion: ApiVersion
}

export const ConfigSourceSchema: DescMessage<ConfigSource> = message('envoy.config.core.v3.ConfigSource', () => ({
  configSourceSpecifier: oneof({ apiConfigSource: field(2, ApiConfigSourceSchema), ads: field(3, AggregatedConfigSourceSchema), self: field(5, SelfConfigSourceSchema) }),
  initialFetchTimeout: field(4, DurationSchema),
  resourceApiVersion: field(6, enumeration(ApiVersion)),
}))
