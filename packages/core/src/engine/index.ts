export type { AuthzDecision, ClusterChoice, Reason, RouteDecision } from './decision.ts'
export type { Authorizer, ClusterState, Engine, RouteMatcher } from './engine.ts'
export type { Peer, RequestHead } from './request.ts'
