// Generated from envoy/config/cluster/v3/cluster.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type JsonObject, type Message, type UnknownEnum, enumeration, field, list, map, message, oneof, struct } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'
import { type Duration, DurationSchema } from '../../../../google/protobuf/duration_pb.ts'
import { type Percent, PercentSchema } from '../../../type/v3/percent_pb.ts'
import { type TcpKeepalive, TcpKeepaliveSchema } from '../../core/v3/address_pb.ts'
import { type Metadata, MetadataSchema, type TransportSocket, TransportSocketSchema } from '../../core/v3/base_pb.ts'
import { type ConfigSource, ConfigSourceSchema } from '../../core/v3/config_source_pb.ts'
import { type ClusterLoadAssignment, ClusterLoadAssignmentSchema } from '../../endpoint/v3/endpoint_pb.ts'
import { type CircuitBreakers, CircuitBreakersSchema } from './circuit_breaker_pb.ts'
import { type OutlierDetection, OutlierDetectionSchema } from './outlier_detection_pb.ts'

export const Cluster_DiscoveryType = {
  STATIC: 0,
  STRICT_DNS: 1,
  LOGICAL_DNS: 2,
  EDS: 3,
  ORIGINAL_DST: 4,
} as const

export type Cluster_DiscoveryType = (typeof Cluster_DiscoveryType)[keyof typeof Cluster_DiscoveryType] | UnknownEnum

export const Cluster_LbPolicy = {
  ROUND_ROBIN: 0,
  LEAST_REQUEST: 1,
  RING_HASH: 2,
  RANDOM: 3,
  MAGLEV: 5,
  CLUSTER_PROVIDED: 6,
  LOAD_BALANCING_POLICY_CONFIG: 7,
} as const

export type Cluster_LbPolicy = (typeof Cluster_LbPolicy)[keyof typeof Cluster_LbPolicy] | UnknownEnum

export const Cluster_DnsLookupFamily = {
  AUTO: 0,
  V4_ONLY: 1,
  V6_ONLY: 2,
  V4_PREFERRED: 3,
  ALL: 4,
} as const

export type Cluster_DnsLookupFamily = (typeof Cluster_DnsLookupFamily)[keyof typeof Cluster_DnsLookupFamily] | UnknownEnum

export interface Cluster extends Message<'envoy.config.cluster.v3.Cluster'> {
  transportSocketMatches: Cluster_TransportSocketMatch[]
  name: string
  clusterDiscoveryType: { case: 'type'; value: Cluster_DiscoveryType } | { case: undefined; value?: undefined }
  edsClusterConfig?: Cluster_EdsClusterConfig
  connectTimeout?: Duration
  lbPolicy: Cluster_LbPolicy
  loadAssignment?: ClusterLoadAssignment
  circuitBreakers?: CircuitBreakers
  typedExtensionProtocolOptions: { [key: string]: Any }
  dnsRefreshRate?: Duration
  dnsLookupFamily: Cluster_DnsLookupFamily
  outlierDetection?: OutlierDetection
  commonLbConfig?: Cluster_CommonLbConfig
  transportSocket?: TransportSocket
  metadata?: Metadata
  upstreamConnectionOptions?: UpstreamConnectionOptions
}

export const ClusterSchema: DescMessage<Cluster> = message('envoy.config.cluster.v3.Cluster', () => ({
  transportSocketMatches: list(43, Cluster_TransportSocketMatchSchema),
  name: field(1, 'string'),
  clusterDiscoveryType: oneof({ type: field(2, enumeration(Cluster_DiscoveryType)) }),
  edsClusterConfig: field(3, Cluster_EdsClusterConfigSchema),
  connectTimeout: field(4, DurationSchema),
  lbPolicy: field(6, enumeration(Cluster_LbPolicy)),
  loadAssignment: field(33, ClusterLoadAssignmentSchema),
  circuitBreakers: field(10, CircuitBreakersSchema),
  typedExtensionProtocolOptions: map(36, AnySchema),
  dnsRefreshRate: field(16, DurationSchema),
  dnsLookupFamily: field(17, enumeration(Cluster_DnsLookupFamily)),
  outlierDetection: field(19, OutlierDetectionSchema),
  commonLbConfig: field(27, Cluster_CommonLbConfigSchema),
  transportSocket: field(24, TransportSocketSchema),
  metadata: field(25, MetadataSchema),
  upstreamConnectionOptions: field(30, UpstreamConnectionOptionsSchema),
}))

export interface Cluster_TransportSocketMatch extends Message<'envoy.config.cluster.v3.Cluster.TransportSocketMatch'> {
  name: string
  match?: JsonObject
  transportSocket?: TransportSocket
}

export const Cluster_TransportSocketMatchSchema: DescMessage<Cluster_TransportSocketMatch> = message('envoy.config.cluster.v3.Cluster.TransportSocketMatch', () => ({
  name: field(1, 'string'),
  match: field(2, struct()),
  transportSocket: field(3, TransportSocketSchema),
}))

export interface Cluster_EdsClusterConfig extends Message<'envoy.config.cluster.v3.Cluster.EdsClusterConfig'> {
  edsConfig?: ConfigSource
  serviceName: string
}

export const Cluster_EdsClusterConfigSchema: DescMessage<Cluster_EdsClusterConfig> = message('envoy.config.cluster.v3.Cluster.EdsClusterConfig', () => ({
  edsConfig: field(1, ConfigSourceSchema),
  serviceName: field(2, 'string'),
}))

export interface Cluster_CommonLbConfig extends Message<'envoy.config.cluster.v3.Cluster.CommonLbConfig'> {
  healthyPanicThreshold?: Percent
}

export const Cluster_CommonLbConfigSchema: DescMessage<Cluster_CommonLbConfig> = message('envoy.config.cluster.v3.Cluster.CommonLbConfig', () => ({
  healthyPanicThreshold: field(1, PercentSchema),
}))

export interface UpstreamConnectionOptions extends Message<'envoy.config.cluster.v3.UpstreamConnectionOptions'> {
  tcpKeepalive?: TcpKeepalive
}

export const UpstreamConnectionOptionsSchema: DescMessage<UpstreamConnectionOptions> = message('envoy.config.cluster.v3.UpstreamConnectionOptions', () => ({
  tcpKeepalive: field(1, TcpKeepaliveSchema),
}))
