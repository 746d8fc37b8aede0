import type { Balancer } from '../balance/balancer.ts'
import type { Origin } from '../config/origin.ts'
import type { RouteDecision } from '../engine/decision.ts'
import type { Authorizer, ClusterState, Engine, RouteMatcher } from '../engine/engine.ts'
import type { Peer, RequestHead } from '../engine/request.ts'
import type { MeshError } from '../error/mesh-error.ts'
import type { ResponseFlag } from '../error/response-flag.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { Listener, HttpFilterChain } from '../view/listener.ts'
import type { Forward, Route, WeightedCluster } from '../view/route.ts'
import type { LocalReply } from './stage.ts'
import type { TraceIds } from './record.ts'

/** A request head that stages may change. Names are lower-case; values hold no CR, LF or NUL (refused by the host). */
export interface MutableHead extends RequestHead {
  setPath(path: string): void
  setAuthority(authority: string): void
  /** Replaces all values. */
  set(name: string, value: string): void
  add(name: string, value: string): void
  remove(name: string): void
  /** Removes each header whose name starts with this. */
  removePrefix(prefix: string): void
}

/** A reply head that stages may read and change. */
export interface MutableReplyHead {
  readonly status: number
  header(name: string): string | undefined
  set(name: string, value: string): void
  add(name: string, value: string): void
  remove(name: string): void
}

/** Time and chance, handed in so that the pipeline is deterministic. */
export interface CallEnv {
  /** Monotonic milliseconds. */
  now(): number
  /** Unix milliseconds. */
  wallClock(): number
  /** Uniform in [0, 1). */
  chance(): number
  /** Lower-case hex of `bytes` random bytes (at most 16). */
  randomHex(bytes: number): string
  /** A UUID of version 4 (RFC 9562 section 5.4), lower-case. */
  randomUuid(): string
  /** Shared by all calls of a driver; a driver that counts calls under way hands those counts to it. */
  readonly balancer: Balancer
  /** Bounds tries that run beside each other; absent: unbounded. */
  readonly retrySlots?: RetrySlots
}

/** A bound on retries under way per cluster (Envoy's circuit breaker `max_retries`). */
export interface RetrySlots {
  take(cluster: ClusterState): boolean
  give(cluster: ClusterState): void
}

/** A listener chain compiled for its engine: all that a call on it shares. */
export interface ChainPlan {
  readonly engine: Engine
  readonly listener: Listener
  readonly filter: HttpFilterChain
  readonly routes: RouteMatcher | undefined
  readonly authorizer: Authorizer
}

/** The state of one request on its way; a driver makes it, stages fill it in. */
export interface Call {
  readonly env: CallEnv
  readonly plan: ChainPlan
  readonly peer: Peer
  readonly request: MutableHead
  /** Whether a body follows, for retry. */
  readonly hasBody: boolean
  readonly startMs: number
  readonly startWallMs: number
  /** As received, before rewrite. */
  readonly originalPath: string
  /** As received. */
  readonly originalAuthority: string

  decision: RouteDecision | undefined
  route: Route | undefined
  forward: Forward | undefined
  target: WeightedCluster | undefined
  cluster: ClusterState | undefined
  endpoint: Endpoint | undefined
  /** Monotonic; all tries end then. */
  deadlineMs: number | undefined
  /** Monotonic; this try ends then. */
  tryDeadlineMs: number | undefined
  /** Counts tries that were sent, the first included. */
  attempts: number
  /** Endpoints tried so far, newest last. */
  tried: Endpoint[]
  /** The cluster whose retry slot this call holds. */
  retrySlot: ClusterState | undefined
  /** Whether the driver can send the body again: it still holds all of it, or there is none. */
  bodyReplayable: boolean
  reply: MutableReplyHead | undefined
  localReply: LocalReply | undefined
  error: MeshError | undefined
  flags: ResponseFlag[]
  details: string
  /** The configuration that decided a reply made here, or an injected delay. */
  cause: Origin | undefined
  requestId: string | undefined
  trace: TraceIds | undefined
}
