import { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { h2Fault, MAX_STREAM_ID, PREFACE, type H2Fault } from './protocol.ts'
import { ReplyText } from './reply-text.ts'
import { COMPRESSION, NO_BEGINNING, type Decode } from './header-blocks.ts'
import type { H2SessionOptions } from './session-events.ts'
import { H2Session } from './session.ts'
import { spareHead, SpareHeads } from './spare-heads.ts'
import type { H2Stream } from './stream.ts'
import { writeSettings } from './write-frames.ts'

/** How a request goes out. */
export interface H2RequestOptions {
  readonly scheme: 'http' | 'https'
  readonly endStream: boolean
  /** We take trailers. */
  readonly trailers: boolean
  /** Extended CONNECT (RFC 8441); only where `peer.connectProtocol` allows it. */
  readonly protocol?: string
}

/** The client's end of an HTTP/2 connection. */
export class H2ClientSession extends H2Session<ReplyHead> {
  #interims = 0
  readonly #spare: ReplyHead[]
  /** Streams whose heads serve again when what is being read is done with. */
  #freed: H2Stream<ReplyHead>[] = []

  constructor(options: H2SessionOptions<ReplyHead>) {
    super(options, true)
    this.#spare = SPARE.for(this.state.limits)
    const { streamWindow, headerTableBytes, maxHeadBytes } = this.state.limits
    const out = this.state.output()
    out.text(PREFACE)
    writeSettings(out, {
      enablePush: 0,
      initialWindowSize: streamWindow,
      headerTableSize: headerTableBytes,
      maxHeaderListSize: maxHeadBytes,
    })
    this.receiving.open()
  }

  /** Whether another request may begin now. */
  get available(): boolean {
    return (
      !this.goaway &&
      this.fault === undefined &&
      this.streams.size < Math.min(this.peer.maxConcurrentStreams, MAX_OPEN) &&
      this.#nextId < MAX_STREAM_ID
    )
  }

  /** Sends a request's head; only while `available`. */
  request(head: RequestHead, options: H2RequestOptions): H2Stream<ReplyHead> {
    const reply = this.#spare.pop() ?? new ReplyHead(this.state.limits)
    reply.requestMethod = options.protocol === undefined ? head.method : 'GET'
    const stream = this.begin(this.#nextId, reply)
    this.table.lastOwnId = stream.id
    this.table.streams.set(stream.id, stream)
    stream.protocol = options.protocol
    stream.headSent = true
    this.sending.begin().request(head, options)
    this.sending.finish(stream, options.endStream)
    return stream
  }

  override read(bytes: Uint8Array, nowMs: number): boolean {
    for (const stream of this.#freed) spareHead(this.#spare, stream)
    this.#freed.length = 0
    return super.read(bytes, nowMs)
  }

  /** Nobody will need the stream's head any more, once whatever is told now was heard by all. */
  free(stream: H2Stream<ReplyHead>): void {
    if (stream.state === 'closed') this.#freed.push(stream)
  }

  protected onHeadBlock(stream: H2Stream<ReplyHead>, endStream: boolean, decode: Decode): H2Fault | undefined {
    TEXT.beginReply(this.state.limits, stream.protocol)
    if (!decode(TEXT)) return COMPRESSION
    const { head } = stream
    const { text } = TEXT
    head.clear()
    if (!TEXT.finish(endStream, head.requestMethod) || head.read(text.bytes, 0, text.length) !== text.length)
      return this.table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A reply head is malformed.'))
    head.h2 = true
    head.neverIndexed = TEXT.neverIndexed
    if (head.interim) return this.#onInterim(stream, endStream)
    this.#interims = 0
    return this.blocks.tellHead(stream, endStream)
  }

  protected onNewStream(): typeof NO_BEGINNING {
    return NO_BEGINNING
  }

  get #nextId(): number {
    return this.table.lastOwnId + 2
  }

  #onInterim(stream: H2Stream<ReplyHead>, endStream: boolean): H2Fault | undefined {
    if (endStream || ++this.#interims > MAX_INTERIMS)
      return this.table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'An interim reply ends its stream, or there are too many.'))
    this.state.events.onHead(stream)
    return undefined
  }
}

const SPARE = new SpareHeads<ReplyHead>()
/** Serves all connections: a list is read and becomes a head in one go. */
const TEXT = new ReplyText()
/** Streams of ours on one connection, whatever the peer allows. */
const MAX_OPEN = 1000
/** Interim replies on a connection without another one between them. */
const MAX_INTERIMS = 100
