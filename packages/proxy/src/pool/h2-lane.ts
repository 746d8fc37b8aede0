import type { H2ErrorName, H2Fault, H2RequestOptions, H2Stream, ReplyHead, RequestHead, TrailerField } from '@mesh/wire'
import type { ConnError } from '@mesh/io'
import { cutHopByHop } from '@mesh/wire'
import { Inflow, Outflow } from '../h2/outflow.ts'
import { StreamConn } from '../h2/stream-conn.ts'
import { addAccept, takeKey } from '../http/web-socket.ts'
import type { H2Speech } from './h2-speech.ts'
import type { Lane, LaneEvents, Tunnel } from './lane.ts'

/** One call on a shared connection: a stream. */
export class H2Lane implements Lane {
  readonly #speech: H2Speech
  #stream: H2Stream<ReplyHead> | undefined
  #events: LaneEvents | undefined
  #outflow: Outflow | undefined
  #inflow: Inflow | undefined
  #tunnel: StreamConn | undefined
  /** Of a caller of HTTP/1.1. */
  #webSocketKey: string | undefined

  constructor(speech: H2Speech) {
    this.#speech = speech
  }

  get served(): number {
    return this.#speech.served
  }

  get remotePlace(): string {
    return this.#speech.pooled.remotePlace
  }

  get localPlace(): string {
    return this.#speech.pooled.localPlace
  }

  get principal(): string | undefined {
    return this.#speech.pooled.principal
  }

  begin(request: RequestHead, kept: readonly Uint8Array[], events: LaneEvents): void {
    this.#events = events
    const { session } = this.#speech
    if (request.upgrade && !session.peer.connectProtocol) return events.onMalformed('no-extended-connect')
    this.#webSocketKey = takeKey(request)
    const stream = session.request(request, request.upgrade ? upgradeOptions(request) : requestOptions(request))
    this.#speech.began()
    stream.owner = this
    this.#stream = stream
    this.#outflow = new Outflow(session, stream, this.#speech)
    this.#inflow = new Inflow(session, stream)
    for (const bytes of kept) this.body(bytes)
  }

  body(lent: Uint8Array): void {
    if (this.#outflow?.send(lent) === false) this.#events?.onShort()
  }

  end(trailers: readonly TrailerField[]): void {
    if (this.#stream?.localOpen === true && this.#stream.protocol === undefined) this.#outflow?.end(trailers)
  }

  pause(): void {
    this.#inflow?.pause()
  }

  resume(): void {
    this.#inflow?.resume()
  }

  settle(): void {
    this.#events = undefined
    if (this.#stream !== undefined) this.#speech.session.free(this.#stream)
    this.#speech.finished(this.#stream)
  }

  abandon(): void {
    this.#events = undefined
    const stream = this.#stream
    if (stream !== undefined) {
      if (!stream.headRead && stream.state !== 'closed') this.#speech.tookBack()
      this.#speech.session.reset(stream, 'CANCEL')
    }
    this.#speech.finished(stream)
  }

  takeOver(): Tunnel {
    const stream = this.#stream
    if (stream === undefined) throw new Error('an upgrade without a stream')
    this.#events = undefined
    const { session, pooled } = this.#speech
    const conn = new StreamConn({ session, stream, under: pooled.conn, below: this.#speech })
    this.#tunnel = conn
    return { conn, rest: new Uint8Array(0), ended: () => this.#speech.finished(stream) }
  }

  onHead(reply: ReplyHead): void {
    if (reply.status !== 101) cutHopByHop(reply)
    else if (this.#webSocketKey !== undefined) addAccept(reply, this.#webSocketKey)
    this.#events?.onHead(reply)
  }

  onData(lent: Uint8Array): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onData(lent)
    this.#events?.onBody(lent)
    this.#inflow?.passed(lent.length)
  }

  onEnd(trailers: readonly TrailerField[]): void {
    if (this.#tunnel === undefined) this.#events?.onEnd(trailers)
    else this.#tunnel.onEnd()
  }

  onReset(code: H2ErrorName, fault: H2Fault | undefined, error: ConnError | undefined): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onReset()
    const events = this.#events
    this.#events = undefined
    if (code === 'REFUSED_STREAM') events?.onLost(undefined, this.#speech.session.goaway ? 'dismissed' : 'refused')
    else if (fault !== undefined && error === undefined && fault.code !== 'INTERNAL_ERROR') events?.onMalformed(fault.code)
    else events?.onLost(error, fault === undefined ? 'reset' : 'closed')
  }

  /** The windows opened, or the connection takes more again. */
  onWritable(): void {
    if (this.#tunnel !== undefined) this.#tunnel.onWritable()
    else if (this.#outflow?.onWritable() === true) this.#events?.onDrain()
  }

  /** The connection below takes no more for now; a tunnel hears it when it writes. */
  onConnShort(): void {
    this.#events?.onShort()
  }
}

function requestOptions({ scheme, framing, contentLength, takesTrailers }: RequestHead): H2RequestOptions {
  return {
    scheme: scheme === 'https' ? 'https' : 'http',
    endStream: framing === 'none' || (framing === 'length' && contentLength === 0),
    trailers: takesTrailers,
  }
}

function upgradeOptions(request: RequestHead): H2RequestOptions {
  return { ...requestOptions(request), endStream: false, protocol: 'websocket' }
}
