// Generated from envoy/config/listener/v3/listener.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, enumeration, field, list, message } from '../../../../../protobuf/index.ts'
import { type Address, AddressSchema } from '../../core/v3/address_pb.ts'
import { type Metadata, MetadataSchema, TrafficDirection } from '../../core/v3/base_pb.ts'
import { type ApiListener, ApiListenerSchema } from './api_listener_pb.ts'
import { type FilterChain, FilterChainSchema, type ListenerFilter, ListenerFilterSchema } from './listener_components_pb.ts'

export interface Listener extends Message<'envoy.config.listener.v3.Listener'> {
  name: string
  address?: Address
  filterChains: FilterChain[]
  metadata?: Metadata
  listenerFilters: ListenerFilter[]
  trafficDirection: TrafficDirection
  apiListener?: ApiListener
}

export const ListenerSchema: DescMessage<Listener> = message('envoy.config.listener.v3.Listener', () => ({
  name: field(1, 'string'),
  address: field(2, AddressSchema),
  filterChains: list(3, FilterChainSchema),
  metadata: field(6, MetadataSchema),
  listenerFilters: list(9, ListenerFilterSchema),
  trafficDirection: field(16, enumeration(TrafficDirection)),
  apiListener: field(19, ApiListenerSchema),
}))
