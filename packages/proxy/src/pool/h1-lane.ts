import type { ConnError } from '@mesh/io'
import type { RequestHead } from '@mesh/wire'
import { UpstreamCodec } from '../http/upstream-codec.ts'
import type { Lane, LaneEvents, Tunnel } from './lane.ts'
import type { PooledConn, Speech } from './pooled-conn.ts'

/** HTTP/1.1 on a pooled connection: one call after another. */
export class H1Lane implements Lane, Speech {
  readonly pooled: PooledConn
  served = 0
  /** Since it is without a call. */
  idleSinceMs = 0
  readonly #codec: UpstreamCodec
  #events: LaneEvents | undefined

  constructor(pooled: PooledConn) {
    this.pooled = pooled
    this.#codec = new UpstreamCodec(pooled.conn)
  }

  get idle(): boolean {
    return this.#events === undefined
  }

  get remotePlace(): string {
    return this.pooled.remotePlace
  }

  get localPlace(): string {
    return this.pooled.localPlace
  }

  get principal(): string | undefined {
    return this.pooled.principal
  }

  /** Until when its server keeps it without a call, monotonic. */
  get keptUntilMs(): number {
    return this.idleSinceMs + this.#codec.keepMs
  }

  begin(request: RequestHead, kept: readonly Uint8Array[], events: LaneEvents): void {
    this.#events = events
    this.#codec.begin(request, kept, events)
  }

  body(lent: Uint8Array): void {
    this.#codec.body(lent)
  }

  /** HTTP/1.1 upstreams get no trailers: none has asked for them. */
  end(): void {
    this.#codec.end()
  }

  pause(): void {
    this.pooled.conn.pause()
  }

  resume(): void {
    this.pooled.conn.resume()
  }

  settle(): void {
    if (!this.#codec.reusable) return this.abandon()
    this.#events = undefined
    this.served++
    this.pooled.pool.released(this)
  }

  abandon(): void {
    // Still with its events: a connection in the middle of a call is reset.
    this.pooled.discard()
    this.#events = undefined
  }

  takeOver(): Tunnel {
    this.#events = undefined
    return { conn: this.pooled.conn, rest: this.#codec.rest, ended: () => this.pooled.gone() }
  }

  onData(lent: Uint8Array): void {
    if (this.#events === undefined) this.pooled.pool.spokeUnasked(this.pooled)
    else this.#codec.read(lent)
  }

  onDrain(): void {
    this.#events?.onDrain()
  }

  /** FIN ends a reply whose length only it can tell; else the reply stays incomplete. */
  onEnd(): void {
    const events = this.#events
    if (events === undefined) return this.pooled.discard()
    this.#codec.readEnd()
    if (this.#events === events) events.onLost(undefined, 'closed')
  }

  onClose(error: ConnError | undefined): void {
    const events = this.#events
    this.#events = undefined
    events?.onLost(error, 'closed')
  }
}
