import type { Conn, ConnHandler } from '@mesh/io'
import { H2ServerSession, type H2Events, type H2Fault, type H2Stream, type RequestHead } from '@mesh/wire'
import { admitRequest, type Refusal } from '../http/admit-request.ts'
import { Linger } from '../http/linger.ts'
import { OUTBOX } from '../http/outbox.ts'
import type { LiveConn } from '../listen/bound-listener.ts'
import type { Downstream } from '../listen/downstream.ts'
import { meshLimits } from './mesh-hop.ts'
import { Outlet, type OutletOwner } from './outlet.ts'
import { ServerStream } from './server-stream.ts'

/** Serves HTTP/2 on a connection; `head` was already read from it. */
export function startH2(downstream: Downstream, head: Uint8Array): void {
  const server = new H2ServerConn(downstream)
  downstream.become(server)
  downstream.conn.handler = server
  if (head.length > 0) server.onData(downstream.conn, head)
}

/** A downstream connection with many calls at once. */
export class H2ServerConn implements ConnHandler, LiveConn, OutletOwner {
  readonly downstream: Downstream
  readonly session: H2ServerSession
  readonly outlet = new Outlet(this)
  reading = false
  #short = false
  #drainingSinceMs: number | undefined
  #closed = false
  /** Set once the last bytes are written. */
  #linger: Linger | undefined
  #idleSinceMs: number

  constructor(downstream: Downstream) {
    const nowMs = downstream.context.io.timers.now()
    this.downstream = downstream
    this.#idleSinceMs = nowMs
    this.session = new H2ServerSession({
      events: eventsOf(this),
      output: () => this.outlet.output,
      departures: () => this.outlet.departures,
      limits: meshLimits(downstream.conn, downstream.context.limits.meshStreams),
      nowMs,
    })
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    if (this.#linger !== undefined) return this.#linger.take(lent.length)
    if (this.#closed) return
    this.reading = true
    const goesOn = this.session.read(lent, this.downstream.context.io.timers.now())
    this.reading = false
    OUTBOX.flush()
    if (goesOn) return
    this.downstream.context.counters.downstreamProtocolErrors++
    // Who floods is not listened to any longer.
    if (this.session.fault?.code === 'ENHANCE_YOUR_CALM') this.#close()
    else this.#leave()
  }

  /** The client has not taken what was sent to it: replies wait, and so their streams stay among those that it may have. */
  get full(): boolean {
    if (this.outlet.bytes > this.downstream.context.limits.unsentBytes) this.outlet.flush()
    // Only what was short is told when it drains: pending bytes alone may be fewer than that.
    return this.#short
  }

  onDrain(): void {
    this.#short = false
    this.downstream.conn.resume()
    for (const stream of this.#streams()) stream.onWritable()
    OUTBOX.flush()
  }

  onEnd(): void {
    this.session.lost()
    this.#close()
  }

  onClose(): void {
    this.#closed = true
    this.outlet.forget()
    this.downstream.ended()
    this.session.lost()
  }

  send(written: Uint8Array): void {
    if (this.downstream.conn.write(written) !== 'short') return
    this.#short = true
    // Who does not read is not read from: each of its requests would be answered into memory.
    this.downstream.conn.pause()
    for (const stream of this.#streams()) stream.onConnShort()
  }

  onFault(error: unknown): void {
    this.downstream.context.onFault(error)
    this.abort()
  }

  begin(stream: H2Stream<RequestHead>): void {
    const { context, chain, permitted } = this.downstream
    if (chain?.kind !== 'http' || !permitted) return this.#revoke()
    context.counters.downstreamRequests++
    const serving = new ServerStream(this, stream, chain)
    stream.owner = serving
    const refusal = admitRequest(stream.head, chain, this.downstream) ?? refusalOfConnect(stream)
    if (refusal === undefined) return serving.begin()
    serving.answer(context.observer.refused(this.downstream, { flag: 'DPE', ...refusal }))
  }

  refused(): void {
    this.downstream.context.counters.downstreamProtocolErrors++
  }

  /** A stream is over. */
  finished(stream: H2Stream<RequestHead>): void {
    if (stream.state === 'closed') this.session.free(stream)
    if (this.session.streams.size > 0) return
    this.#idleSinceMs = this.downstream.context.io.timers.now()
    if (this.#drainingSinceMs !== undefined) this.#leave()
  }

  rejudge(): void {
    const { chain, permitted, context } = this.downstream
    if (chain?.kind === 'http' && permitted) {
      for (const stream of this.#streams()) stream.rejudge()
      return
    }
    context.counters.revokedConnections++
    this.drain()
  }

  drain(): void {
    this.#drainingSinceMs ??= this.downstream.context.io.timers.now()
    this.session.drain()
    if (this.session.streams.size === 0) this.#leave()
  }

  abort(): void {
    if (this.#linger?.flushed === true) return this.#close()
    if (this.#closed && this.#linger === undefined) return
    this.#linger = undefined
    this.#closed = true
    this.outlet.forget()
    this.downstream.conn.reset()
    this.downstream.ended()
    this.session.lost()
  }

  sweep(nowMs: number): void {
    const { limits, counters, overload } = this.downstream.context
    if (this.#linger !== undefined) return this.#linger.sweep(nowMs)
    for (const stream of this.#streams()) stream.sweep(nowMs)
    if (this.#drainingSinceMs !== undefined) this.#sweepDrain(nowMs - this.#drainingSinceMs)
    if (this.session.streams.size > 0) return
    const idleMs = nowMs - this.#idleSinceMs
    if (overload.closesIdle && idleMs > limits.overloadIdleMs) counters.overloadIdleClosed++
    else if (idleMs > limits.downstreamIdleMs) counters.downstreamIdleTimeouts++
    else return
    this.drain()
  }

  /** A client need not answer, nor end its calls. */
  #sweepDrain(drainingMs: number): void {
    const { limits, counters } = this.downstream.context
    if (drainingMs > limits.drainedCallsMs) {
      counters.downstreamDrainTimeouts++
      return this.abort()
    }
    if (drainingMs > limits.goawayMs) this.session.endDrain()
  }

  #streams(): readonly ServerStream[] {
    return [...this.session.streams.values()].map(({ owner }) => owner).filter((owner) => owner instanceof ServerStream)
  }

  #revoke(): void {
    this.downstream.context.counters.revokedConnections++
    this.abort()
  }

  /** All is said: the client shall hear it. */
  #leave(): void {
    if (this.#closed) return
    this.#closed = true
    // What is on its way meanwhile was not served, and its caller must know.
    this.session.endDrain()
    this.outlet.flush()
    this.#linger = new Linger(this.downstream, {
      close: () => this.#close(),
      giveUp: () => this.abort(),
    })
  }

  #close(): void {
    if (this.#closed && this.#linger === undefined) return
    this.#closed = true
    this.#linger = undefined
    this.outlet.flush()
    this.downstream.conn.close()
  }
}

/** The 200 to an extended CONNECT opens a tunnel: one that nobody takes must not become a plain request (RFC 8441 section 4). */
function refusalOfConnect({ head, protocol }: H2Stream<RequestHead>): Refusal | undefined {
  if (protocol !== undefined) return head.upgrade ? undefined : NO_PROTOCOL
  return head.method === 'CONNECT' ? NO_CONNECT : undefined
}

const NO_PROTOCOL = { status: 501, details: 'connect_protocol_not_supported', body: 'Only WebSocket is carried over HTTP/2 here.' }
const NO_CONNECT = { status: 405, details: 'connect_not_supported', body: 'CONNECT is not supported over HTTP/2 here.' }

function eventsOf(server: H2ServerConn): H2Events<RequestHead> {
  return {
    onHead: (stream) => server.begin(stream),
    onData: (stream, lent) => servingOf(stream)?.onData(lent),
    onEnd: (stream) => servingOf(stream)?.onEnd(),
    onReset: (stream, _code, fault: H2Fault | undefined) => servingOf(stream)?.onReset(fault),
    onWritable: (stream) => servingOf(stream)?.onWritable(),
    onGoaway: () => undefined,
    onSettings: () => undefined,
    onRefused: () => server.refused(),
  }
}

function servingOf({ owner }: H2Stream<RequestHead>): ServerStream | undefined {
  return owner instanceof ServerStream ? owner : undefined
}
