import type { Endpoint } from '@mesh/core/view'
import type { ConnError } from '@mesh/io'
import type { ClusterPool } from './cluster-pool.ts'
import { H1Lane } from './h1-lane.ts'
import type { Lane, LaneWaiter } from './lane.ts'
import type { PooledConn } from './pooled-conn.ts'

/** The connections to one endpoint of a cluster. */
export class EndpointPool {
  readonly cluster: ClusterPool
  readonly key: string
  readonly endpoint: Endpoint
  /** IP literal. */
  readonly address: string
  /** Last used last. */
  readonly idle: H1Lane[] = []
  readonly conns = new Set<PooledConn>()
  /** Calls under way. */
  active = 0
  #retired = false
  /** Since the endpoint is known: connections begun, connections that failed, calls, and those that failed or got 5xx. */
  connected = 0
  connectFailures = 0
  requests = 0
  errors = 0

  constructor(cluster: ClusterPool, init: { readonly key: string; readonly endpoint: Endpoint; readonly address: string }) {
    this.cluster = cluster
    this.key = init.key
    this.endpoint = init.endpoint
    this.address = init.address
  }

  /** A lane that is free now: the connection that was used last; undefined when there is none that its server still keeps. */
  take(): Lane | undefined {
    for (let lane = this.idle.pop(); lane !== undefined; lane = this.idle.pop()) {
      if (this.cluster.now() < lane.keptUntilMs) return lane
      lane.pooled.discard()
    }
    return undefined
  }

  opened(conn: PooledConn): void {
    const [waiter] = conn.waiters.splice(0)
    this.cluster.connected(conn)
    const lane = new H1Lane(conn)
    conn.speech = lane
    if (waiter === undefined) this.#park(lane)
    else waiter.onLane(lane)
  }

  /** A call is over and its connection is clean: both messages were complete and both sides keep it alive. */
  released(lane: H1Lane): void {
    const limit = this.cluster.cluster.maxRequestsPerConnection ?? 0
    const worn = limit > 0 && lane.served >= limit
    if (worn) this.cluster.counters.upstreamMaxRequests++
    if (worn) lane.pooled.discard()
    else this.#park(lane)
  }

  closed(conn: PooledConn, early: boolean, error: ConnError | undefined): void {
    this.conns.delete(conn)
    this.#forgetIdle(conn)
    this.cluster.disconnected(this, early, error)
    for (const waiter of conn.waiters.splice(0)) waiter.onLaneFailed(error)
    conn.speech?.onClose(error)
  }

  spokeUnasked(conn: PooledConn): void {
    this.cluster.counters.upstreamSpokeUnasked++
    conn.discard()
  }

  /** What is idle closes; what is busy is not used again. */
  retire(): void {
    this.#retired = true
    for (const lane of [...this.idle]) lane.pooled.discard()
    for (const conn of [...this.conns]) if (conn.state === 'connecting' && conn.waiters.length === 0) conn.discard()
  }

  sweep(nowMs: number, idleMs: number): void {
    for (let oldest = this.idle[0]; oldest !== undefined && nowMs - oldest.idleSinceMs >= idleMs; oldest = this.idle[0]) {
      this.cluster.counters.upstreamIdleTimeouts++
      oldest.pooled.discard()
    }
  }

  #park(lane: H1Lane): void {
    if (this.#retired) return lane.pooled.discard()
    if (this.cluster.serve(lane)) return
    lane.idleSinceMs = this.cluster.now()
    this.idle.push(lane)
  }

  #forgetIdle(conn: PooledConn): void {
    const at = this.idle.findLastIndex((lane) => lane.pooled === conn)
    if (at >= 0) this.idle.splice(at, 1)
  }
}

/** A call that waits for a connection to be free. */
export interface Pending {
  readonly pool: EndpointPool
  readonly waiter: LaneWaiter
}
