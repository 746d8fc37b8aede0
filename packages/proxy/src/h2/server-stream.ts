import type { LocalReply } from '@mesh/core/call'
import type { H2Fault, H2Stream, ReplyHead, RequestHead, TrailerField } from '@mesh/wire'
import { Exchange } from '../http/exchange.ts'
import { localHeaders, tellHop } from '../http/reply-headers.ts'
import type { ClientTunnel, ReplySink } from '../http/reply-sink.ts'
import { takeAccept } from '../http/web-socket.ts'
import { concat, NO_BYTES } from '../listen/bytes.ts'
import type { LiveConn } from '../listen/bound-listener.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { HttpChain } from '../state/listener-plan.ts'
import { Inflow, Outflow } from './outflow.ts'
import type { H2ServerConn } from './server-conn.ts'
import { StreamConn } from './stream-conn.ts'

/** One call on a downstream connection of HTTP/2. */
export class ServerStream implements ReplySink {
  readonly #server: H2ServerConn
  readonly #stream: H2Stream<RequestHead>
  readonly #chain: HttpChain
  readonly #outflow: Outflow
  readonly #inflow: Inflow
  #exchange: Exchange | undefined
  #tunnel: StreamConn | undefined
  #live: LiveConn | undefined
  /** When the call was over; what is held back of its reply still has to go. */
  #doneMs: number | undefined
  /** Bytes for a tunnel that is not there yet. */
  #early: Uint8Array = NO_BYTES

  constructor(server: H2ServerConn, stream: H2Stream<RequestHead>, chain: HttpChain) {
    this.#server = server
    this.#stream = stream
    this.#chain = chain
    this.#outflow = new Outflow(server.session, stream, server)
    this.#inflow = new Inflow(server.session, stream)
  }

  get downstream(): Downstream {
    return this.#server.downstream
  }

  get reading(): boolean {
    return this.#server.reading
  }

  begin(): void {
    this.downstream.context.counters.downstreamRequestsActive++
    this.#exchange = new Exchange(this, this.#chain, this.#stream.head)
    this.#exchange.begin()
  }

  /** Answers what never became a call. */
  answer(reply: LocalReply): void {
    this.#doneMs = this.downstream.context.io.timers.now()
    this.sendLocal(reply)
    this.#server.finished(this.#stream)
  }

  onData(lent: Uint8Array): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onData(lent)
    if (this.#stream.protocol === undefined) this.#exchange?.onRequestBody(lent)
    else this.#early = concat(this.#early, lent)
    this.#inflow.passed(this.#stream.protocol === undefined ? lent.length : 0)
  }

  onEnd(): void {
    if (this.#exchange === undefined) this.#left()
    else if (this.#tunnel !== undefined) this.#tunnel.onEnd()
    else if (this.#stream.protocol === undefined) this.#exchange.onRequestEnd(this.#stream.trailers)
    else this.#exchange.onClientGone()
  }

  onReset(fault: H2Fault | undefined): void {
    if (this.#exchange === undefined) return this.#left()
    if (this.#tunnel !== undefined) return this.#tunnel.onReset()
    if (fault !== undefined && fault.code !== 'INTERNAL_ERROR') this.#exchange.flag('DPE')
    this.#exchange.onClientGone(fault === undefined ? undefined : 'http2.violation.of.messaging.rule')
  }

  /** The windows opened, or the connection takes more again. */
  onWritable(): void {
    if (this.#tunnel === undefined) {
      if (this.#outflow.onWritable()) this.#drained()
      return
    }
    this.#tunnel.onWritable()
    if (this.#exchange === undefined) this.#left()
  }

  /** A tunnel hears it when it writes. */
  onConnShort(): void {
    if (this.#tunnel === undefined) this.#exchange?.attempt?.pause()
  }

  rejudge(): void {
    this.#live?.rejudge()
  }

  sweep(nowMs: number): void {
    const exchange = this.#exchange
    const { limits, counters } = this.downstream.context
    const movedMs = exchange?.lastActivityMs ?? this.#doneMs
    const tunnelled = this.#tunnel !== undefined && exchange !== undefined
    if (tunnelled || movedMs === undefined || nowMs - movedMs <= limits.callIdleMs) return
    counters.downstreamCallIdle++
    if (exchange === undefined) this.#giveUp()
    else exchange.onIdle()
  }

  sendContinue(): void {
    this.#server.session.sendOwnReply(this.#stream, 100, [], false)
  }

  sendHead(reply: ReplyHead): void {
    const exchange = this.#exchange
    if (exchange === undefined) return
    tellHop(reply, { serviceMs: Math.trunc(exchange.upstreamMs ?? 0), nowMs: this.downstream.context.io.timers.wallClock() })
    if (reply.status === 101) takeAccept(reply)
    const empty = reply.framing === 'none' || (reply.framing === 'length' && reply.contentLength === 0)
    exchange.replyHeadBytes = reply.length
    this.#server.session.sendReply(this.#stream, reply, empty && reply.status !== 101)
  }

  sendBody(lent: Uint8Array): void {
    if (!this.#outflow.send(lent)) this.#exchange?.attempt?.pause()
  }

  endReply(trailers: readonly TrailerField[]): void {
    this.#outflow.end(trailers)
    this.#stopRequest()
  }

  sendInterim(reply: ReplyHead): void {
    this.#server.session.sendReply(this.#stream, reply, false)
  }

  sendLocal(reply: LocalReply): void {
    const body = encoder.encode(reply.body)
    const headers = localHeaders(reply, body.length, this.downstream.context.io.timers.wallClock())
    const silent = body.length === 0 || this.#stream.head.method === 'HEAD'
    this.#server.session.sendOwnReply(this.#stream, reply.status, headers, silent)
    if (!silent) {
      this.#outflow.send(body)
      this.#outflow.end([])
    }
    this.#stopRequest()
  }

  breakOff(): void {
    this.#server.session.reset(this.#stream, 'INTERNAL_ERROR')
  }

  pauseRequest(): void {
    this.#inflow.pause()
  }

  resumeRequest(): void {
    this.#inflow.resume()
  }

  takeOver(): ClientTunnel {
    const { session } = this.#server
    const conn = new StreamConn({ session, stream: this.#stream, under: this.downstream.conn, below: this.#server })
    const early = this.#early
    this.#early = NO_BYTES
    this.#tunnel = conn
    conn.passed(early.length)
    return {
      conn,
      early,
      become: (live) => (this.#live = live),
      ended: () => undefined,
    }
  }

  done(): void {
    this.#exchange = undefined
    this.#doneMs = this.downstream.context.io.timers.now()
    this.downstream.context.counters.downstreamRequestsActive--
    this.#server.finished(this.#stream)
  }

  /** Behind the call's end its stream ended, too. */
  #left(): void {
    if (this.#stream.state === 'closed') this.#server.finished(this.#stream)
  }

  /** All that was held back has gone: the upstream may go on, or the stream, whose call is over, ends. */
  #drained(): void {
    if (this.#exchange !== undefined) return this.#exchange.onClientDrain()
    this.#stopRequest()
    this.#server.finished(this.#stream)
  }

  /** The client never took the rest of its reply. */
  #giveUp(): void {
    this.#server.session.reset(this.#stream, 'CANCEL')
    this.#server.finished(this.#stream)
  }

  /** The reply is complete before the request: the rest of it is not wanted. */
  #stopRequest(): void {
    if (this.#stream.state === 'half-closed-local' && this.#outflow.heldBytes === 0) this.#server.session.reset(this.#stream, 'NO_ERROR')
  }
}

const encoder = new TextEncoder()
