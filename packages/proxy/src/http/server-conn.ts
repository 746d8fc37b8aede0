import type { LocalReply } from '@mesh/core/call'
import type { Conn, ConnHandler } from '@mesh/io'
import { sniffPreface, type H1Error, type ReplyHead, type RequestHead, type TrailerField } from '@mesh/wire'
import type { LiveConn } from '../listen/bound-listener.ts'
import { concat, NO_BYTES } from '../listen/bytes.ts'
import { isMeshHop } from '../h2/mesh-hop.ts'
import { startH2 } from '../h2/server-conn.ts'
import { OUTBOX } from './outbox.ts'
import { admitRequest, type Refusal } from './admit-request.ts'
import type { HttpChain } from '../state/listener-plan.ts'
import type { Downstream } from '../listen/downstream.ts'
import { DownstreamCodec, type RequestEvents } from './downstream-codec.ts'
import { Exchange } from './exchange.ts'
import { Linger } from './linger.ts'
import type { ClientTunnel, ReplySink } from './reply-sink.ts'
import { startConnect, type ConnectSink } from './connect.ts'

/** Serves HTTP/1.1 on a connection; `head` was already read from it. */
export function startHttp(downstream: Downstream, head: Uint8Array): void {
  const server = new ServerConn(downstream)
  downstream.become(server)
  downstream.conn.handler = server
  if (head.length > 0) server.onData(downstream.conn, head)
}

/** A downstream connection: one call at a time, bytes that come too early wait. */
class ServerConn implements ConnHandler, LiveConn, ReplySink, ConnectSink, RequestEvents {
  readonly downstream: Downstream
  readonly #codec: DownstreamCodec
  #exchange: Exchange | undefined
  /** Bytes behind the current request. */
  #early: Uint8Array = NO_BYTES
  reading = false
  /** Nothing was read that could tell the version of HTTP. */
  #fresh = true
  #draining = false
  /** How long it may be idle while it drains. */
  #drainIdleMs = 0
  /** After the current reply the connection closes. */
  #last = false
  #linger: Linger | undefined
  #paused = false
  /** The client has not yet taken what was sent to it. */
  #full = false
  #phase: 'open' | 'connecting' | 'lingering' | 'closing' | 'closed' = 'open'
  #idleSinceMs: number

  constructor(downstream: Downstream) {
    this.downstream = downstream
    this.#codec = new DownstreamCodec(downstream.conn, this, () => downstream.context.io.timers.wallClock())
    this.#idleSinceMs = downstream.context.io.timers.now()
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    if (this.#linger !== undefined) return this.#linger.take(lent.length)
    if (this.#phase === 'closed') return
    if (this.#fresh && this.#early.length > 0) return this.#read(this.#takeEarly(lent))
    if (this.#early.length > 0 || this.#waiting) return this.#keep(lent)
    this.#read(lent)
  }

  onDrain(): void {
    this.#full = false
    if (this.#exchange !== undefined) this.#exchange.onClientDrain()
    else if (this.#phase === 'open') this.#goOn()
  }

  onEnd(): void {
    if (this.#exchange !== undefined) this.#exchange.onClientGone()
    this.#close()
  }

  onClose(): void {
    this.#phase = 'closed'
    this.downstream.ended()
    this.#exchange?.onClientGone()
  }

  onHead(request: RequestHead): void {
    const { context, chain } = this.downstream
    if (this.#phase !== 'open') return
    if (chain?.kind !== 'http' || !this.downstream.permitted) return this.#revoke()
    context.counters.downstreamRequests++
    const refusal = admitRequest(request, chain, this.downstream)
    if (refusal !== undefined) return this.#answer(refusal)
    this.#last = this.#draining || !request.keepAlive
    if (request.method === 'CONNECT') return this.#connect(chain, request)
    context.counters.downstreamRequestsActive++
    this.#exchange = new Exchange(this, chain, request)
    this.#exchange.begin()
  }

  onBody(lent: Uint8Array): void {
    this.#exchange?.onRequestBody(lent)
  }

  onMessageEnd(trailers: readonly TrailerField[]): void {
    this.#exchange?.onRequestEnd(trailers)
  }

  /** What came is no message of HTTP/1.1: it is answered, unless a reply has begun already, and the connection closes. */
  onMalformed(error: H1Error): void {
    this.downstream.context.counters.downstreamProtocolErrors++
    const refusal = { status: error.status, details: `http1.${error.code}`, body: error.message }
    if (this.#exchange !== undefined) this.#exchange.onMalformed(refusal)
    else if (error.code === 'no-http') this.#leave(refusal)
    else this.#answer(refusal)
  }

  onShort(): void {
    this.#full = true
    this.#exchange?.attempt?.pause()
  }

  sendContinue(): void {
    this.#codec.sendContinue()
  }

  sendHead(reply: ReplyHead): void {
    const exchange = this.#exchange
    if (exchange === undefined) return
    if (!exchange.requestDone) this.#last = true
    const { minor } = exchange.request
    if (minor === 0 && (reply.framing === 'chunked' || reply.framing === 'close')) this.#last = true
    exchange.replyHeadBytes = this.#codec.head(reply, { minor, close: this.#closing, serviceMs: Math.trunc(exchange.upstreamMs ?? 0) })
  }

  sendBody(lent: Uint8Array): void {
    this.#codec.body(lent)
  }

  /** A client of HTTP/1.1 gets trailers when it said that it takes them. */
  endReply(trailers: readonly TrailerField[]): void {
    this.#codec.end(this.#exchange?.request.takesTrailers === true ? trailers : [])
  }

  sendInterim(reply: ReplyHead): void {
    this.#codec.interim(reply)
  }

  sendLocal(reply: LocalReply): void {
    const exchange = this.#exchange
    if (exchange === undefined) return
    if (!exchange.requestDone || reply.close === true) this.#last = true
    exchange.replyHeadBytes = this.#codec.local(reply, { head: exchange.request.method === 'HEAD', close: this.#closing })
  }

  breakOff(): void {
    this.abort()
  }

  pauseRequest(): void {
    this.#paused = true
    this.downstream.conn.pause()
  }

  resumeRequest(): void {
    if (!this.#paused || this.#early.length > 0) return
    this.#paused = false
    this.downstream.conn.resume()
  }

  takeOver(): ClientTunnel {
    const { downstream } = this
    if (this.#phase === 'connecting') this.#codec.established()
    this.#phase = 'closed'
    const early = this.#early
    this.#early = NO_BYTES
    return { conn: downstream.conn, early, become: (live) => downstream.become(live), ended: () => downstream.ended() }
  }

  refuse(reply: LocalReply): void {
    this.downstream.conn.handler = this
    this.downstream.become(this)
    this.#phase = 'open'
    this.#codec.local(reply, { head: false, close: true })
    this.#afterReply()
  }

  serveInside(): void {
    this.#phase = 'open'
    this.#fresh = true
    this.#codec.established()
    this.#codec.restart()
  }

  done(exchange: Exchange): void {
    this.#exchange = undefined
    this.downstream.context.counters.downstreamRequestsActive--
    if (this.#phase !== 'open') return
    if (this.#closing || !exchange.requestDone) return this.#afterReply()
    this.#idleSinceMs = this.downstream.context.io.timers.now()
    if (!this.#full) this.#goOn()
  }

  /** A plan that no longer permits this connection ends it: at once when idle, else behind the current reply. */
  rejudge(): void {
    const { chain, permitted, context } = this.downstream
    if (chain?.kind === 'http' && permitted) return
    context.counters.revokedConnections++
    this.#draining = true
    if (this.#exchange === undefined) this.#close()
  }

  drain(idleMs: number): void {
    this.#draining = true
    this.#drainIdleMs = idleMs
    if (idleMs === 0 && this.#exchange === undefined && this.#phase === 'open') this.#close()
  }

  abort(): void {
    if (this.#phase === 'closed') return
    if (this.#linger?.flushed === true) return this.#close()
    this.#phase = 'closed'
    this.downstream.conn.reset()
    this.downstream.ended()
    this.#exchange?.onClientGone()
  }

  sweep(nowMs: number): void {
    const { limits, counters, overload } = this.downstream.context
    if (this.#linger !== undefined) return this.#linger.sweep(nowMs)
    if (this.#phase !== 'open') return
    if (this.#exchange !== undefined) {
      if (nowMs - this.#exchange.lastActivityMs <= limits.callIdleMs) return
      counters.downstreamCallIdle++
      this.#exchange.onIdle()
    } else if (this.#codec.headBegun) {
      if (nowMs - this.#idleSinceMs <= limits.requestHeadMs) return
      counters.downstreamHeadTimeouts++
      this.#answer({ status: 408, details: 'request_header_timeout', body: 'The request head did not come in time.' })
    } else if (this.#draining && nowMs - this.#idleSinceMs > this.#drainIdleMs) this.#close()
    else if (overload.closesIdle && nowMs - this.#idleSinceMs > limits.overloadIdleMs) {
      counters.overloadIdleClosed++
      this.#close()
    } else if (nowMs - this.#idleSinceMs > (this.#full ? limits.callIdleMs : limits.downstreamIdleMs)) {
      counters.downstreamIdleTimeouts++
      this.#close()
    }
  }

  /** The next request must wait: for the reply to this one, or for a client that sends requests and reads no replies. */
  get #waiting(): boolean {
    return this.#exchange === undefined ? this.#full : this.#exchange.requestDone
  }

  get #closing(): boolean {
    return this.#last || this.#draining
  }

  #read(lent: Uint8Array): void {
    this.reading = true
    let at = 0
    while (at < lent.length && this.#phase === 'open' && !this.#waiting) {
      if (this.#fresh && this.#isH2(lent.subarray(at))) return
      if (this.#exchange === undefined && !this.#codec.headBegun) this.#idleSinceMs = this.downstream.context.io.timers.now()
      at += this.#codec.read(at === 0 ? lent : lent.subarray(at))
    }
    this.reading = false
    OUTBOX.flush()
    if (at < lent.length && (this.#phase === 'open' || this.#phase === 'connecting')) this.#keep(lent.subarray(at))
  }

  /** ALPN or the first bytes tell HTTP/2 (RFC 9113 section 3); answers whether they are dealt with. */
  #isH2(first: Uint8Array): boolean {
    const { conn } = this.downstream
    const seen = conn.tls?.alpn === 'h2' || isMeshHop(conn) ? 'yes' : sniffPreface(first)
    this.#fresh = seen === 'more'
    if (seen === 'no') return false
    this.reading = false
    if (seen === 'more') this.#early = first.slice()
    else {
      this.#phase = 'closed'
      startH2(this.downstream, first)
    }
    return true
  }

  /** Bytes behind the current request wait for its reply, or for the client to read the ones before. */
  #keep(lent: Uint8Array): void {
    const { limits, counters } = this.downstream.context
    this.pauseRequest()
    this.#early = concat(this.#early, lent)
    if (this.#exchange === undefined || this.#early.length <= limits.pipelinedBytes) return
    counters.downstreamPipelineOverflow++
    this.#last = true
  }

  #connect(chain: HttpChain, request: RequestHead): void {
    this.#phase = 'connecting'
    startConnect(this, chain, request)
  }

  #goOn(): void {
    if (this.#early.length === 0) this.resumeRequest()
    else if (!this.reading) this.#resumeEarly()
  }

  #takeEarly(more: Uint8Array): Uint8Array {
    const whole = concat(this.#early, more)
    this.#early = NO_BYTES
    return whole
  }

  #resumeEarly(): void {
    const early = this.#early
    this.#early = NO_BYTES
    this.#read(early)
    if (this.#phase === 'open' && !this.#waiting) this.resumeRequest()
  }

  /** Answers what never became a request, and ends the connection. */
  #answer(refusal: Refusal): void {
    const reply = this.downstream.context.observer.refused(this.downstream, { flag: 'DPE', ...refusal, close: true })
    this.#codec.local(reply, { head: false, close: true })
    this.#afterReply()
  }

  /** Who speaks another protocol would not understand a reply. */
  #leave(refusal: Refusal): void {
    this.downstream.context.observer.refused(this.downstream, { flag: 'DPE', ...refusal, close: true })
    this.#close()
  }

  /** The last reply is written. */
  #afterReply(): void {
    if (this.#phase !== 'open') return
    this.#phase = 'lingering'
    this.#linger = new Linger(this.downstream, {
      close: () => this.#close(),
      giveUp: () => this.abort(),
    })
  }

  #revoke(): void {
    this.downstream.context.counters.revokedConnections++
    this.abort()
  }

  #close(): void {
    if (this.#phase === 'closed' || this.#phase === 'closing') return
    this.#phase = 'closing'
    this.#linger = undefined
    this.downstream.conn.close()
  }
}
