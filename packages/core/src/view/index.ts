export type { AuthzFilter, AuthzPolicy, Permission, Principal } from './authz.ts'
export type {
  Cluster,
  ClusterEndpoints,
  Discovery,
  Endpoint,
  Http2KeepAlive,
  OutlierDetection,
  RetryBudget,
  ServiceRef,
  TcpKeepalive,
  UpstreamTls,
} from './cluster.ts'
export type {
  ChainMatch,
  DownstreamTls,
  FilterChain,
  ForwardedFor,
  HttpFilterChain,
  Listener,
  PathNormalization,
  TcpFilterChain,
  Tracing,
} from './listener.ts'
export type { Cidr, HeaderMatch, QueryMatch, StringMatch } from './match.ts'
export { nodeId, spiffeId, type NodeSelf } from './node.ts'
export type {
  Fault,
  Forward,
  HeaderOps,
  PathMatch,
  RetryPolicy,
  Rewrite,
  Route,
  RouteAction,
  RouteMatch,
  RouteTable,
  VirtualHost,
  WeightedCluster,
} from './route.ts'
export { EMPTY_VIEW, type View } from './view.ts'
export type { Workload, WorkloadRef } from './workload.ts'
