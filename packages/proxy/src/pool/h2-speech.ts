import type { ConnError } from '@mesh/io'
import { H2ClientSession, type H2Events, type H2Stream, type ReplyHead } from '@mesh/wire'
import { meshLimits } from '../h2/mesh-hop.ts'
import { Outlet, type OutletOwner } from '../h2/outlet.ts'
import { OUTBOX } from '../http/outbox.ts'
import { H2Lane } from './h2-lane.ts'
import type { H2Pings } from './h2-pings.ts'
import type { PooledConn, Speech } from './pooled-conn.ts'
import { TakenBack } from './taken-back.ts'

/** HTTP/2 on a pooled connection: many calls at once. */
export class H2Speech implements Speech, OutletOwner {
  readonly pooled: PooledConn
  readonly session: H2ClientSession
  readonly #outlet = new Outlet(this)
  served = 0
  /** Since it is without a call. */
  idleSinceMs: number
  /** The server has said how many calls it takes at once, and that it takes any: none begins before. */
  ready = false
  /** No calls are begun any more; it closes behind the last one. */
  #leaving = false
  /** The server has not taken what was sent to it. It is read from all the same: were both ends to wait until the other one reads, none would. */
  full = false
  readonly #takenBack: TakenBack
  /** Why the connection was lost. */
  error: ConnError | undefined
  readonly #pings: H2Pings | undefined

  constructor(pooled: PooledConn) {
    const nowMs = pooled.pool.cluster.now()
    this.pooled = pooled
    this.idleSinceMs = nowMs
    this.session = new H2ClientSession({
      events: eventsOf(this),
      output: () => this.#outlet.output,
      departures: () => this.#outlet.departures,
      limits: meshLimits(pooled.conn),
      nowMs,
    })
    this.#takenBack = new TakenBack(pooled.pool.cluster.limits.takenBackSample)
    this.#pings = pooled.pool.cluster.pings({ onPing: () => this.#ping(), onDead: () => this.#dead() })
  }

  get idle(): boolean {
    return this.session.streams.size === 0
  }

  /** Whether another call may begin now. */
  get available(): boolean {
    const { maxConcurrentStreams = Infinity } = this.pooled.pool.cluster.cluster
    if (!this.ready || this.#leaving || this.pooled.state !== 'open') return false
    return this.session.available && this.session.streams.size < maxConcurrentStreams
  }

  lane(): H2Lane {
    return new H2Lane(this)
  }

  /** A call begins. */
  began(): void {
    this.#takenBack.began()
  }

  /** A call is taken back before it was answered: the server would end the connection over many of those, and all other calls with it. */
  tookBack(): void {
    if (this.#takenBack.add()) this.#leaving = true
  }

  /** A call is over; its stream may have been the last one. */
  finished(stream: H2Stream<ReplyHead> | undefined): void {
    if (stream !== undefined) this.served++
    if (this.idle) this.idleSinceMs = this.pooled.pool.cluster.now()
    if (this.idle && (this.#leaving || this.session.goaway)) this.#end()
    else this.pooled.pool.streamFinished(this)
  }

  /** Takes no more calls. */
  leave(): void {
    this.#leaving = true
    if (this.idle) this.#end()
  }

  onData(lent: Uint8Array): void {
    const nowMs = this.pooled.pool.cluster.now()
    this.#pings?.heard(nowMs)
    const goesOn = this.session.read(lent, nowMs)
    OUTBOX.flush()
    if (!goesOn) this.#end()
  }

  onDrain(): void {
    this.full = false
    for (const stream of [...this.session.streams.values()]) laneOf(stream)?.onWritable()
    OUTBOX.flush()
  }

  onEnd(): void {
    this.pooled.discard()
  }

  onClose(error: ConnError | undefined): void {
    this.error = error
    this.#pings?.stop()
    this.#outlet.forget()
    this.session.lost()
  }

  send(written: Uint8Array): void {
    if (this.pooled.conn.write(written) !== 'short') return
    this.full = true
    for (const stream of this.session.streams.values()) laneOf(stream)?.onConnShort()
  }

  /** The server's settings came. */
  settled(): void {
    const first = !this.ready
    // Another connection would be told the same.
    if (first && this.session.peer.maxConcurrentStreams === 0) return
    this.ready = true
    if (first) this.pooled.pool.sharedReady(this)
    else this.pooled.pool.streamFinished(this)
  }

  /** The server wants no more calls. */
  dismissed(): void {
    if (this.idle) this.#end()
  }

  onFault(error: unknown): void {
    this.pooled.pool.cluster.onFault(error)
    this.pooled.discard()
  }

  /** The server shall hear all that was said. */
  #end(): void {
    this.#outlet.flush()
    this.pooled.discard()
  }

  #ping(): void {
    this.session.ping()
  }

  #dead(): void {
    this.pooled.pool.cluster.counters.upstreamKeepAliveTimeouts++
    this.pooled.discard()
  }
}

function eventsOf(speech: H2Speech): H2Events<ReplyHead> {
  return {
    onHead: (stream) => laneOf(stream)?.onHead(stream.head),
    onData: (stream, lent) => laneOf(stream)?.onData(lent),
    onEnd: (stream) => laneOf(stream)?.onEnd(stream.trailers),
    onReset: (stream, code, fault) => laneOf(stream)?.onReset(code, fault, speech.error),
    onWritable: (stream) => laneOf(stream)?.onWritable(),
    onGoaway: () => speech.dismissed(),
    onSettings: () => speech.settled(),
    onRefused: () => undefined,
  }
}

function laneOf({ owner }: H2Stream<ReplyHead>): H2Lane | undefined {
  return owner instanceof H2Lane ? owner : undefined
}
