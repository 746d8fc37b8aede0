import type { Endpoint } from '@mesh/core/view'
import type { ConnError } from '@mesh/io'
import type { ClusterPool } from './cluster-pool.ts'
import type { ConnWaiter, PooledConn } from './pooled-conn.ts'

/** The connections to one endpoint of a cluster. */
export class EndpointPool {
  readonly cluster: ClusterPool
  readonly key: string
  readonly endpoint: Endpoint
  /** IP literal. */
  readonly address: string
  /** Last used last. */
  readonly idle: PooledConn[] = []
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

  /** The idle connection that was used last; undefined when there is none that its server still keeps. */
  take(): PooledConn | undefined {
    for (let conn = this.idle.pop(); conn !== undefined; conn = this.idle.pop()) {
      if (this.cluster.now() - conn.idleSinceMs < conn.codec.keepMs) {
        conn.state = 'busy'
        return conn
      }
      conn.discard()
    }
    return undefined
  }

  opened(conn: PooledConn): void {
    const { waiter } = conn
    conn.waiter = undefined
    conn.state = 'busy'
    this.cluster.connected(conn)
    if (waiter === undefined) this.#park(conn)
    else waiter.onConn(conn)
  }

  released(conn: PooledConn): void {
    const limit = this.cluster.cluster.maxRequestsPerConnection ?? 0
    if (limit > 0 && conn.served >= limit) this.cluster.counters.upstreamMaxRequests++
    if (this.#retired || (limit > 0 && conn.served >= limit)) {
      conn.state = 'idle'
      conn.discard()
      return
    }
    this.#park(conn)
  }

  closed(conn: PooledConn, before: PooledConn['state'], error: ConnError | undefined): void {
    this.conns.delete(conn)
    if (before === 'idle') this.#forgetIdle(conn)
    this.cluster.disconnected(this, before === 'connecting', error)
    if (before === 'connecting') conn.waiter?.onConnFailed(error)
    else conn.user?.onUpstreamClose(error)
  }

  spokeUnasked(conn: PooledConn): void {
    this.cluster.counters.upstreamSpokeUnasked++
    conn.discard()
  }

  /** What is idle closes; what is busy is not used again. */
  retire(): void {
    this.#retired = true
    for (const conn of [...this.idle]) conn.discard()
    for (const conn of [...this.conns]) if (conn.state === 'connecting' && conn.waiter === undefined) conn.discard()
  }

  sweep(nowMs: number, idleMs: number): void {
    for (let oldest = this.idle[0]; oldest !== undefined && nowMs - oldest.idleSinceMs >= idleMs; oldest = this.idle[0]) {
      this.cluster.counters.upstreamIdleTimeouts++
      oldest.discard()
    }
  }

  #park(conn: PooledConn): void {
    if (this.#retired) {
      conn.state = 'idle'
      return conn.discard()
    }
    if (this.cluster.serve(conn)) return
    conn.state = 'idle'
    conn.idleSinceMs = this.cluster.now()
    this.idle.push(conn)
  }

  #forgetIdle(conn: PooledConn): void {
    const at = this.idle.lastIndexOf(conn)
    if (at >= 0) this.idle.splice(at, 1)
  }
}

/** A call that waits for a connection to be free. */
export interface Pending {
  readonly pool: EndpointPool
  readonly waiter: ConnWaiter
}
