// Generated from envoy/service/discovery/v3/discovery.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, map, message } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'
import { type Status, StatusSchema } from '../../../../google/rpc/status_pb.ts'
import { type ControlPlane, ControlPlaneSchema, type Node, NodeSchema } from '../../../config/core/v3/base_pb.ts'

export interface DiscoveryRequest extends Message<'envoy.service.discovery.v3.DiscoveryRequest'> {
  versionInfo: string
  node?: Node
  resourceNames: string[]
  typeUrl: string
  responseNonce: string
  errorDetail?: Status
}

export const DiscoveryRequestSchema: DescMessage<DiscoveryRequest> = message('envoy.service.discovery.v3.DiscoveryRequest', () => ({
  versionInfo: field(1, 'string'),
  node: field(2, NodeSchema),
  resourceNames: list(3, 'string'),
  typeUrl: field(4, 'string'),
  responseNonce: field(5, 'string'),
  errorDetail: field(6, StatusSchema),
}))

export interface DiscoveryResponse extends Message<'envoy.service.discovery.v3.DiscoveryResponse'> {
  versionInfo: string
  resources: Any[]
  typeUrl: string
  nonce: string
  controlPlane?: ControlPlane
}

export const DiscoveryResponseSchema: DescMessage<DiscoveryResponse> = message('envoy.service.discovery.v3.DiscoveryResponse', () => ({
  versionInfo: field(1, 'string'),
  resources: list(2, AnySchema),
  typeUrl: field(4, 'string'),
  nonce: field(5, 'string'),
  controlPlane: field(6, ControlPlaneSchema),
}))

export interface DeltaDiscoveryRequest extends Message<'envoy.service.discovery.v3.DeltaDiscoveryRequest'> {
  node?: Node
  typeUrl: string
  resourceNamesSubscribe: string[]
  resourceNamesUnsubscribe: string[]
  initialResourceVersions: { [key: string]: string }
  responseNonce: string
  errorDetail?: Status
}

export const DeltaDiscoveryRequestSchema: DescMessage<DeltaDiscoveryRequest> = message('envoy.service.discovery.v3.DeltaDiscoveryRequest', () => ({
  node: field(1, NodeSchema),
  typeUrl: field(2, 'string'),
  resourceNamesSubscribe: list(3, 'string'),
  resourceNamesUnsubscribe: list(4, 'string'),
  initialResourceVersions: map(5, 'string'),
  responseNonce: field(6, 'string'),
  errorDetail: field(7, StatusSchema),
}))

export interface DeltaDiscoveryResponse extends Message<'envoy.service.discovery.v3.DeltaDiscoveryResponse'> {
  systemVersionInfo: string
  resources: Resource[]
  typeUrl: string
  removedResources: string[]
  nonce: string
  controlPlane?: ControlPlane
}

export const DeltaDiscoveryResponseSchema: DescMessage<DeltaDiscoveryResponse> = message('envoy.service.discovery.v3.DeltaDiscoveryResponse', () => ({
  systemVersionInfo: field(1, 'string'),
  resources: list(2, ResourceSchema),
  typeUrl: field(4, 'string'),
  removedResources: list(6, 'string'),
  nonce: field(5, 'string'),
  controlPlane: field(7, ControlPlaneSchema),
}))

export interface Resource extends Message<'envoy.service.discovery.v3.Resource'> {
  name: string
  aliases: string[]
  version: string
  resource?: Any
}

export const ResourceSchema: DescMessage<Resource> = message('envoy.service.discovery.v3.Resource', () => ({
  name: field(3, 'string'),
  aliases: list(4, 'string'),
  version: field(1, 'string'),
  resource: field(2, AnySchema),
}))
