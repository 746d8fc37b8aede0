// Generated from envoy/config/endpoint/v3/endpoint_components.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, enumeration, field, list, message, oneof } from '../../../../../protobuf/index.ts'
import { type Address, AddressSchema } from '../../core/v3/address_pb.ts'
import { type Locality, LocalitySchema, type Metadata, MetadataSchema } from '../../core/v3/base_pb.ts'
import { HealthStatus } from '../../core/v3/health_check_pb.ts'

export interface Endpoint extends Message<'envoy.config.endpoint.v3.Endpoint'> {
  address?: Address
}

export const EndpointSchema: DescMessage<Endpoint> = message('envoy.config.endpoint.v3.Endpoint', () => ({
  address: field(1, AddressSchema),
}))

export interface LbEndpoint extends Message<'envoy.config.endpoint.v3.LbEndpoint'> {
  hostIdentifier: { case: 'endpoint'; value: Endpoint } | { case: undefined; value?: undefined }
  healthStatus: HealthStatus
  metadata?: Metadata
  loadBalancingWeight?: number
}

export const LbEndpointSchema: DescMessage<LbEndpoint> = message('envoy.config.endpoint.v3.LbEndpoint', () => ({
  hostIdentifier: oneof({ endpoint: field(1, EndpointSchema) }),
  healthStatus: field(2, enumeration(HealthStatus)),
  metadata: field(3, MetadataSchema),
  loadBalancingWeight: field(4, boxed('uint32')),
}))

export interface LocalityLbEndpoints extends Message<'envoy.config.endpoint.v3.LocalityLbEndpoints'> {
  locality?: Locality
  lbEndpoints: LbEndpoint[]
  loadBalancingWeight?: number
  priority: number
}

export const LocalityLbEndpointsSchema: DescMessage<LocalityLbEndpoints> = message('envoy.config.endpoint.v3.LocalityLbEndpoints', () => ({
  locality: field(1, LocalitySchema),
  lbEndpoints: list(2, LbEndpointSchema),
  loadBalancingWeight: field(3, boxed('uint32')),
  priority: field(5, 'uint32'),
}))
