import type { Conn, ConnError, ConnHandler } from '@mesh/io'
import { UpstreamCodec } from '../http/upstream-codec.ts'
import type { EndpointPool } from './endpoint-pool.ts'

/** The call that a pooled connection serves now. */
export interface UpstreamUser {
  onUpstreamData(lent: Uint8Array): void
  onUpstreamDrain(): void
  /** The upstream sent FIN; more may still be written. */
  onUpstreamEnd(): void
  /** Last call. */
  onUpstreamClose(error: ConnError | undefined): void
}

/** Told how connecting went: exactly one of both. */
export interface ConnWaiter {
  onConn(conn: PooledConn): void
  onConnFailed(error: ConnError | undefined): void
}

/** One upstream connection of a pool: connecting, busy with one call, idle, or closed. */
export class PooledConn implements ConnHandler {
  readonly pool: EndpointPool
  conn!: Conn
  readonly codec = new UpstreamCodec(this)
  user: UpstreamUser | undefined
  waiter: ConnWaiter | undefined
  /** Calls served before the current one. */
  served = 0
  idleSinceMs = 0
  state: 'connecting' | 'busy' | 'idle' | 'closed' = 'connecting'
  /** Verified SPIFFE id of the server. */
  principal: string | undefined
  /** `ip:port`. */
  remotePlace = ''
  localPlace = ''

  constructor(pool: EndpointPool, waiter: ConnWaiter) {
    this.pool = pool
    this.waiter = waiter
  }

  onOpen(conn: Conn): void {
    this.conn = conn
    this.remotePlace = `${conn.remoteAddress}:${conn.remotePort}`
    this.localPlace = `${conn.localAddress}:${conn.localPort}`
    this.pool.opened(this)
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    if (this.user !== undefined) this.user.onUpstreamData(lent)
    else this.pool.spokeUnasked(this)
  }

  onDrain(): void {
    this.user?.onUpstreamDrain()
  }

  onEnd(): void {
    if (this.user !== undefined) this.user.onUpstreamEnd()
    else this.discard()
  }

  onClose(_conn: Conn, error: ConnError | undefined): void {
    if (this.state === 'closed') return
    const before = this.state
    this.state = 'closed'
    this.pool.closed(this, before, error)
  }

  /** The call is over and the connection is clean: both messages were complete and both sides keep it alive. */
  release(): void {
    if (this.state !== 'busy') return
    this.user = undefined
    this.served++
    this.pool.released(this)
  }

  /** The call is over and the connection is not to be used again. */
  discard(): void {
    if (this.state === 'closed') return
    const before = this.state
    this.state = 'closed'
    this.user = undefined
    // Between two calls nothing is lost: the server sees an end, not a fault.
    if (before === 'idle') this.conn.close()
    else this.conn.reset()
    this.pool.closed(this, before, undefined)
  }

  /** Somebody else ended the connection, who had taken over its handler. */
  gone(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.user = undefined
    this.pool.closed(this, 'busy', undefined)
  }
}
