// Generated from envoy/config/listener/v3/listener_components.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, message, oneof } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'
import { type Metadata, MetadataSchema, type TransportSocket, TransportSocketSchema } from '../../core/v3/base_pb.ts'

export interface Filter extends Message<'envoy.config.listener.v3.Filter'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const FilterSchema: DescMessage<Filter> = message('envoy.config.listener.v3.Filter', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(4, AnySchema) }),
}))

export interface FilterChainMatch extends Message<'envoy.config.listener.v3.FilterChainMatch'> {
  serverNames: string[]
  transportProtocol: string
  applicationProtocols: string[]
}

export const FilterChainMatchSchema: DescMessage<FilterChainMatch> = message('envoy.config.listener.v3.FilterChainMatch', () => ({
  serverNames: list(11, 'string'),
  transportProtocol: field(9, 'string'),
  applicationProtocols: list(10, 'string'),
}))

export interface FilterChain extends Message<'envoy.config.listener.v3.FilterChain'> {
  filterChainMatch?: FilterChainMatch
  filters: Filter[]
  metadata?: Metadata
  transportSocket?: TransportSocket
  name: string
}

export const FilterChainSchema: DescMessage<FilterChain> = message('envoy.config.listener.v3.FilterChain', () => ({
  filterChainMatch: field(1, FilterChainMatchSchema),
  filters: list(3, FilterSchema),
  metadata: field(5, MetadataSchema),
  transportSocket: field(6, TransportSocketSchema),
  name: field(7, 'string'),
}))

export interface ListenerFilter extends Message<'envoy.config.listener.v3.ListenerFilter'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const ListenerFilterSchema: DescMessage<ListenerFilter> = message('envoy.config.listener.v3.ListenerFilter', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(3, AnySchema) }),
}))
