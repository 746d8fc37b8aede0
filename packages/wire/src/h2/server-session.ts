import type { ReplyHead } from '../h1/reply-head.ts'
import { RequestHead } from '../h1/request-head.ts'
import { h2Fault, type H2Fault } from './protocol.ts'
import { RequestText } from './request-text.ts'
import { COMPRESSION, NO_BEGINNING, skip, type Decode } from './header-blocks.ts'
import type { H2SessionOptions } from './session-events.ts'
import { H2Session } from './session.ts'
import { spareHead, SpareHeads } from './spare-heads.ts'
import type { H2Stream } from './stream.ts'
import { writeSettings } from './write-frames.ts'

/** The server's end of an HTTP/2 connection. */
export class H2ServerSession extends H2Session<RequestHead> {
  readonly #spare: RequestHead[]

  constructor(options: H2SessionOptions<RequestHead>) {
    super(options, false)
    this.#spare = SPARE.for(this.state.limits)
    const { maxConcurrentStreams, streamWindow, headerTableBytes, maxHeadBytes } = this.state.limits
    writeSettings(this.state.output(), {
      maxConcurrentStreams,
      initialWindowSize: streamWindow,
      headerTableSize: headerTableBytes,
      maxHeaderListSize: maxHeadBytes,
      enableConnectProtocol: 1,
    })
    this.receiving.open()
  }

  /** The upstream's reply. An interim head leaves the stream open. */
  sendReply(stream: H2Stream<RequestHead>, head: ReplyHead, endStream: boolean): void {
    if (!stream.localOpen || this.fault !== undefined) return
    if (!head.interim) stream.headSent = true
    this.sending.begin().reply(head)
    this.sending.finish(stream, endStream)
  }

  /** A reply that is made here; names in lower case. */
  sendOwnReply(stream: H2Stream<RequestHead>, status: number, headers: readonly (readonly [string, string])[], endStream: boolean): void {
    if (!stream.localOpen || this.fault !== undefined) return
    if (status >= 200) stream.headSent = true
    this.sending.begin().ownReply(status, headers)
    this.sending.finish(stream, endStream)
  }

  /** Nobody needs the stream's head any more. */
  free(stream: H2Stream<RequestHead>): void {
    spareHead(this.#spare, stream)
  }

  protected onHeadBlock(stream: H2Stream<RequestHead>, endStream: boolean, decode: Decode): H2Fault | undefined {
    TEXT.begin(this.state.limits)
    if (!decode(TEXT)) return COMPRESSION
    const head = this.#readHead(stream)
    if (head === undefined) return this.#refuse(stream)
    head.takesTrailers = TEXT.trailers
    stream.protocol = TEXT.protocol
    return this.blocks.tellHead(stream, endStream)
  }

  protected onNewStream(streamId: number, endStream: boolean, decode: Decode): H2Fault | undefined | typeof NO_BEGINNING {
    const { table, state } = this
    if (table.isOwn(streamId) || streamId <= table.lastPeerId) return NO_BEGINNING
    table.lastPeerId = streamId
    state.guard.onStream()
    const stream = this.begin(streamId, this.#spare.pop() ?? new RequestHead(state.limits))
    if (this.drained) return this.#turnAway(stream, decode)
    if (table.streams.size >= state.limits.maxConcurrentStreams) return this.#overflow(stream, decode)
    table.streams.set(streamId, stream)
    return this.onHeadBlock(stream, endStream, decode)
  }

  #readHead(stream: H2Stream<RequestHead>): RequestHead | undefined {
    const { head } = stream
    const { text } = TEXT
    head.clear()
    if (!TEXT.finish() || head.read(text.bytes, 0, text.length) !== text.length) return undefined
    head.h2 = true
    head.neverIndexed = TEXT.neverIndexed
    return head
  }

  /** Too many fields are answered; what is no request at all is not. */
  #refuse(stream: H2Stream<RequestHead>): H2Fault | undefined {
    const { error } = stream.head
    const tooLarge = TEXT.fault === 'too-large' || error === 'head-too-large' || error === 'too-many-headers'
    const fault = h2Fault(
      tooLarge ? 'ENHANCE_YOUR_CALM' : 'PROTOCOL_ERROR',
      tooLarge ? 'A head is larger than this server takes.' : 'A head is malformed.',
    )
    this.state.events.onRefused(fault)
    if (tooLarge) this.sendOwnReply(stream, 431, [['content-length', '0']], true)
    this.reset(stream, tooLarge ? 'NO_ERROR' : 'PROTOCOL_ERROR')
    return this.table.takenBack()
  }

  #overflow(stream: H2Stream<RequestHead>, decode: Decode): H2Fault | undefined {
    this.state.events.onRefused(h2Fault('REFUSED_STREAM', 'The peer has more streams than it may.'))
    return this.#turnAway(stream, decode)
  }

  /** Nothing was done with it, and the peer may try elsewhere. Its fields are read all the same: both ends' tables must stay equal. */
  #turnAway(stream: H2Stream<RequestHead>, decode: Decode): H2Fault | undefined {
    const fault = skip(decode)
    if (fault !== undefined) return fault
    this.reset(stream, 'REFUSED_STREAM')
    this.free(stream)
    return this.table.takenBack()
  }
}

const SPARE = new SpareHeads<RequestHead>()
/** Serves all connections: a list is read and becomes a head in one go. */
const TEXT = new RequestText()
