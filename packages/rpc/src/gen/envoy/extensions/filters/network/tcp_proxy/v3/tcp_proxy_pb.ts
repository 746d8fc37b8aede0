// Generated from envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, message, oneof } from '../../../../../../../protobuf/index.ts'
import { type Duration, DurationSchema } from '../../../../../../google/protobuf/duration_pb.ts'
import { type AccessLog, AccessLogSchema } from '../../../../../config/accesslog/v3/accesslog_pb.ts'

export interface TcpProxy extends Message<'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'> {
  statPrefix: string
  clusterSpecifier: { case: 'cluster'; value: string } | { case: 'weightedClusters'; value: TcpProxy_WeightedCluster } | { case: undefined; value?: undefined }
  idleTimeout?: Duration
  accessLog: AccessLog[]
  maxDownstreamConnectionDuration?: Duration
}

export const TcpProxySchema: DescMessage<TcpProxy> = message('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', () => ({
  statPrefix: field(1, 'string'),
  clusterSpecifier: oneof({ cluster: field(2, 'string'), weightedClusters: field(10, TcpProxy_WeightedClusterSchema) }),
  idleTimeout: field(8, DurationSchema),
  accessLog: list(5, AccessLogSchema),
  maxDownstreamConnectionDuration: field(13, DurationSchema),
}))

export interface TcpProxy_WeightedCluster extends Message<'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster'> {
  clusters: TcpProxy_WeightedCluster_ClusterWeight[]
}

export const TcpProxy_WeightedClusterSchema: DescMessage<TcpProxy_WeightedCluster> = message('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster', () => ({
  clusters: list(1, TcpProxy_WeightedCluster_ClusterWeightSchema),
}))

export interface TcpProxy_WeightedCluster_ClusterWeight extends Message<'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight'> {
  name: string
  weight: number
}

export const TcpProxy_WeightedCluster_ClusterWeightSchema: DescMessage<TcpProxy_WeightedCluster_ClusterWeight> = message('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight', () => ({
  name: field(1, 'string'),
  weight: field(2, 'uint32'),
}))
