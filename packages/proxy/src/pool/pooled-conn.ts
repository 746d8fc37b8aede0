import type { Conn, ConnError, ConnHandler } from '@mesh/io'
import type { EndpointPool } from './endpoint-pool.ts'
import type { LaneWait } from './lane-wait.ts'

/** What is spoken on a connection that is open. */
export interface Speech {
  /** No call is under way. */
  readonly idle: boolean
  onData(lent: Uint8Array): void
  onDrain(): void
  /** The upstream sent FIN; more may still be written. */
  onEnd(): void
  /** Last call. */
  onClose(error: ConnError | undefined): void
}

/** One upstream connection of a pool: connecting, open, or closed. */
export class PooledConn implements ConnHandler {
  readonly pool: EndpointPool
  conn!: Conn
  /** Undefined while connecting. */
  speech: Speech | undefined
  /** Calls that wait for it to be open. */
  readonly waits: LaneWait[] = []
  state: 'connecting' | 'open' | 'closed' = 'connecting'
  /** Verified SPIFFE id of the server. */
  principal: string | undefined
  /** `ip:port`. */
  remotePlace = ''
  localPlace = ''
  /** Since when it is open, monotonic. */
  openedMs = 0
  /** It served as long or as often as it may, and was counted as such. */
  worn = false
  /** It was closed in order, and still counts until it is gone. */
  lingers = false

  constructor(pool: EndpointPool) {
    this.pool = pool
  }

  /** Waits for it to be open. */
  join(wait: LaneWait): void {
    this.waits.push(wait)
    wait.stand(() => {
      const at = this.waits.indexOf(wait)
      if (at >= 0) this.waits.splice(at, 1)
    })
  }

  onOpen(conn: Conn): void {
    this.conn = conn
    this.remotePlace = `${conn.remoteAddress}:${conn.remotePort}`
    this.localPlace = `${conn.localAddress}:${conn.localPort}`
    this.state = 'open'
    this.openedMs = this.pool.cluster.now()
    this.pool.opened(this)
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    this.speech?.onData(lent)
  }

  onDrain(): void {
    this.speech?.onDrain()
  }

  onEnd(): void {
    this.speech?.onEnd()
  }

  onClose(_conn: Conn, error: ConnError | undefined): void {
    if (!this.lingers) return this.#closed(error)
    this.lingers = false
    this.pool.cluster.gone()
  }

  /** Ends it: in order where nothing is under way, so that the server sees no fault. */
  discard(): void {
    if (this.state === 'closed') return
    if (this.state === 'open' && this.speech?.idle === true) {
      this.lingers = this.pool.cluster.room.shared
      this.conn.close()
    } else this.conn.reset()
    this.#closed(undefined)
  }

  /** Somebody else ended the connection, who had taken over its handler. */
  gone(): void {
    this.#closed(undefined)
  }

  #closed(error: ConnError | undefined): void {
    if (this.state === 'closed') return
    const before = this.state
    this.state = 'closed'
    this.pool.closed(this, before === 'connecting', error)
  }
}
