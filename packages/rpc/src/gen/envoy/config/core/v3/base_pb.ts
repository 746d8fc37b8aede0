// Generated from envoy/config/core/v3/base.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type JsonObject, type Message, type UnknownEnum, enumeration, field, list, map, message, oneof, struct } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'

export const RoutingPriority = {
  DEFAULT: 0,
  HIGH: 1,
} as const

export type RoutingPriority = (typeof RoutingPriority)[keyof typeof RoutingPriority] | UnknownEnum

export const TrafficDirection = {
  UNSPECIFIED: 0,
  INBOUND: 1,
  OUTBOUND: 2,
} as const

export type TrafficDirection = (typeof TrafficDirection)[keyof typeof TrafficDirection] | UnknownEnum

export const HeaderValueOption_HeaderAppendAction = {
  APPEND_IF_EXISTS_OR_ADD: 0,
  ADD_IF_ABSENT: 1,
  OVERWRITE_IF_EXISTS_OR_ADD: 2,
  OVERWRITE_IF_EXISTS: 3,
} as const

export type HeaderValueOption_HeaderAppendAction = (typeof HeaderValueOption_HeaderAppendAction)[keyof typeof HeaderValueOption_HeaderAppendAction] | UnknownEnum

export interface Locality extends Message<'envoy.config.core.v3.Locality'> {
  region: string
  zone: string
  subZone: string
}

export const LocalitySchema: DescMessage<Locality> = message('envoy.config.core.v3.Locality', () => ({
  region: field(1, 'string'),
  zone: field(2, 'string'),
  subZone: field(3, 'string'),
}))

export interface Node extends Message<'envoy.config.core.v3.Node'> {
  id: string
  cluster: string
  metadata?: JsonObject
  locality?: Locality
  userAgentName: string
  userAgentVersionType: { case: 'userAgentVersion'; value: string } | { case: undefined; value?: undefined }
  clientFeatures: string[]
}

export const NodeSchema: DescMessage<Node> = message('envoy.config.core.v3.Node', () => ({
  id: field(1, 'string'),
  cluster: field(2, 'string'),
  metadata: field(3, struct()),
  locality: field(4, LocalitySchema),
  userAgentName: field(6, 'string'),
  userAgentVersionType: oneof({ userAgentVersion: field(7, 'string') }),
  clientFeatures: list(10, 'string'),
}))

export interface Metadata extends Message<'envoy.config.core.v3.Metadata'> {
  filterMetadata: { [key: string]: JsonObject }
}

export const MetadataSchema: DescMessage<Metadata> = message('envoy.config.core.v3.Metadata', () => ({
  filterMetadata: map(1, struct()),
}))

export interface HeaderValue extends Message<'envoy.config.core.v3.HeaderValue'> {
  key: string
  value: string
}

export const HeaderValueSchema: DescMessage<HeaderValue> = message('envoy.config.core.v3.HeaderValue', () => ({
  key: field(1, 'string'),
  value: field(2, 'string'),
}))

export interface HeaderValueOption extends Message<'envoy.config.core.v3.HeaderValueOption'> {
  header?: HeaderValue
  appendAction: HeaderValueOption_HeaderAppendAction
  keepEmptyValue: boolean
}

export const HeaderValueOptionSchema: DescMessage<HeaderValueOption> = message('envoy.config.core.v3.HeaderValueOption', () => ({
  header: field(1, HeaderValueSchema),
  appendAction: field(3, enumeration(HeaderValueOption_HeaderAppendAction)),
  keepEmptyValue: field(4, 'bool'),
}))

export interface DataSource extends Message<'envoy.config.core.v3.DataSource'> {
  specifier: { case: 'filename'; value: string } | { case: 'inlineString'; value: string } | { case: undefined; value?: undefined }
}

export const DataSourceSchema: DescMessage<DataSource> = message('envoy.config.core.v3.DataSource', () => ({
  specifier: oneof({ filename: field(1, 'string'), inlineString: field(3, 'string') }),
}))

export interface TransportSocket extends Message<'envoy.config.core.v3.TransportSocket'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const TransportSocketSchema: DescMessage<TransportSocket> = message('envoy.config.core.v3.TransportSocket', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(3, AnySchema) }),
}))

export interface ControlPlane extends Message<'envoy.config.core.v3.ControlPlane'> {
  identifier: string
}

export const ControlPlaneSchema: DescMessage<ControlPlane> = message('envoy.config.core.v3.ControlPlane', () => ({
  identifier: field(1, 'string'),
}))
