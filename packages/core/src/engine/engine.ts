import type { Cluster, Endpoint } from '../view/cluster.ts'
import type { HttpFilterChain, TcpFilterChain } from '../view/listener.ts'
import type { RouteTable } from '../view/route.ts'
import type { View } from '../view/view.ts'
import type { AuthzDecision, RouteDecision } from './decision.ts'
import type { Peer, RequestHead } from './request.ts'

/**
 * A view compiled into matchers. Pure: the same arguments give the same answer; chance is the caller's argument.
 * An engine never changes; a new view or new endpoints make a new one that shares what did not change.
 */
export interface Engine {
  readonly view: View
  /** Routes of a listener chain; undefined when it names a table that the view does not have (404, NR). */
  table(routes: HttpFilterChain['routes']): RouteMatcher | undefined
  /** The policies of a chain. */
  authorizer(filter: AuthorizedFilter): Authorizer
  cluster(name: string): ClusterState | undefined
}

/** What of a chain decides who may come in. */
export type AuthorizedFilter = Pick<HttpFilterChain, 'kind' | 'authz' | 'edge' | 'forwarded'> | Pick<TcpFilterChain, 'kind' | 'authz'>

export interface RouteMatcher {
  readonly table: RouteTable
  route(head: RequestHead, peer: Peer): RouteDecision
}

export interface Authorizer {
  /** True when nothing is asked, so that a stage can be left out. */
  readonly empty: boolean
  /** `head` is undefined on TCP: HTTP attributes are then absent (ALLOW rules that need them never match, DENY rules match on the rest). */
  authorize(head: RequestHead | undefined, peer: Peer): AuthzDecision
}

export interface ClusterState {
  readonly cluster: Cluster
  /** Healthy endpoints in a stable order; of a `dns` cluster the names, not the addresses. */
  readonly endpoints: readonly Endpoint[]
}
