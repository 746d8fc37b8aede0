// Generated from envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, boxed, enumeration, field, list, message, oneof } from '../../../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../../../google/protobuf/any_pb.ts'
import { type AccessLog, AccessLogSchema } from '../../../../../config/accesslog/v3/accesslog_pb.ts'
import { type ConfigSource, ConfigSourceSchema } from '../../../../../config/core/v3/config_source_pb.ts'
import { type Http1ProtocolOptions, Http1ProtocolOptionsSchema } from '../../../../../config/core/v3/protocol_pb.ts'
import { type RouteConfiguration, RouteConfigurationSchema } from '../../../../../config/route/v3/route_pb.ts'
import { type Tracing_Http, Tracing_HttpSchema } from '../../../../../config/trace/v3/http_tracer_pb.ts'
import { type Percent, PercentSchema } from '../../../../../type/v3/percent_pb.ts'

export const HttpConnectionManager_CodecType = {
  AUTO: 0,
  HTTP1: 1,
  HTTP2: 2,
  HTTP3: 3,
} as const

export type HttpConnectionManager_CodecType = (typeof HttpConnectionManager_CodecType)[keyof typeof HttpConnectionManager_CodecType] | UnknownEnum

export const HttpConnectionManager_PathWithEscapedSlashesAction = {
  IMPLEMENTATION_SPECIFIC_DEFAULT: 0,
  KEEP_UNCHANGED: 1,
  REJECT_REQUEST: 2,
  UNESCAPE_AND_REDIRECT: 3,
  UNESCAPE_AND_FORWARD: 4,
} as const

export type HttpConnectionManager_PathWithEscapedSlashesAction = (typeof HttpConnectionManager_PathWithEscapedSlashesAction)[keyof typeof HttpConnectionManager_PathWithEscapedSlashesAction] | UnknownEnum

export interface HttpConnectionManager extends Message<'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'> {
  codecType: HttpConnectionManager_CodecType
  statPrefix: string
  routeSpecifier: { case: 'rds'; value: Rds } | { case: 'routeConfig'; value: RouteConfiguration } | { case: undefined; value?: undefined }
  httpFilters: HttpFilter[]
  tracing?: HttpConnectionManager_Tracing
  httpProtocolOptions?: Http1ProtocolOptions
  accessLog: AccessLog[]
  useRemoteAddress?: boolean
  xffNumTrustedHops: number
  generateRequestId?: boolean
  normalizePath?: boolean
  mergeSlashes: boolean
  pathWithEscapedSlashesAction: HttpConnectionManager_PathWithEscapedSlashesAction
}

export const HttpConnectionManagerSchema: DescMessage<HttpConnectionManager> = message('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', () => ({
  codecType: field(1, enumeration(HttpConnectionManager_CodecType)),
  statPrefix: field(2, 'string'),
  routeSpecifier: oneof({ rds: field(3, RdsSchema), routeConfig: field(4, RouteConfigurationSchema) }),
  httpFilters: list(5, HttpFilterSchema),
  tracing: field(7, HttpConnectionManager_TracingSchema),
  httpProtocolOptions: field(8, Http1ProtocolOptionsSchema),
  accessLog: list(13, AccessLogSchema),
  useRemoteAddress: field(14, boxed('bool')),
  xffNumTrustedHops: field(19, 'uint32'),
  generateRequestId: field(15, boxed('bool')),
  normalizePath: field(30, boxed('bool')),
  mergeSlashes: field(33, 'bool'),
  pathWithEscapedSlashesAction: field(45, enumeration(HttpConnectionManager_PathWithEscapedSlashesAction)),
}))

export interface HttpConnectionManager_Tracing extends Message<'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing'> {
  clientSampling?: Percent
  randomSampling?: Percent
  overallSampling?: Percent
  provider?: Tracing_Http
}

export const HttpConnectionManager_TracingSchema: DescMessage<HttpConnectionManager_Tracing> = message('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing', () => ({
  clientSampling: field(3, PercentSchema),
  randomSampling: field(4, PercentSchema),
  overallSampling: field(5, PercentSchema),
  provider: field(9, Tracing_HttpSchema),
}))

export interface Rds extends Message<'envoy.extensions.filters.network.http_connection_manager.v3.Rds'> {
  configSource?: ConfigSource
  routeConfigName: string
}

export const RdsSchema: DescMessage<Rds> = message('envoy.extensions.filters.network.http_connection_manager.v3.Rds', () => ({
  configSource: field(1, ConfigSourceSchema),
  routeConfigName: field(2, 'string'),
}))

export interface HttpFilter extends Message<'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const HttpFilterSchema: DescMessage<HttpFilter> = message('envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(4, AnySchema) }),
}))
