import type { ReplyHead } from '../h1/reply-head.ts'
import { RequestHead } from '../h1/request-head.ts'
import { HpackDecoder, type FieldSink } from './hpack/decoder.ts'
import { h2Fault, type H2Fault } from './protocol.ts'
import type { SessionState } from './session-state.ts'
import type { H2Stream } from './stream.ts'
import type { StreamTable } from './stream-table.ts'
import { TrailerFields } from './trailer-fields.ts'

/** Decodes the block at hand into a sink; false: it is none, and the connection cannot go on. */
export type Decode = (sink: FieldSink) => boolean

/** What only one end of a connection makes of header lists. */
export interface HeadReader<Head extends RequestHead | ReplyHead> {
  /** The first header list of the peer on a stream that is there. */
  onHeadBlock(stream: H2Stream<Head>, endStream: boolean, decode: Decode): H2Fault | undefined
  /** A header list for a stream that is not there, and the fault that came of it. */
  onNewStream(streamId: number, endStream: boolean, decode: Decode): H2Fault | undefined | typeof NO_BEGINNING
}

/** A header list that begins no stream. */
export const NO_BEGINNING = 'no beginning'

/** The header lists that the peer sends: heads, trailers, and those that nobody wants. */
export class HeaderBlocks<Head extends RequestHead | ReplyHead> {
  readonly #state: SessionState<Head>
  readonly #table: StreamTable<Head>
  readonly #reader: HeadReader<Head>
  readonly #decoder: HpackDecoder
  /** The block at hand. */
  #block: Uint8Array = NO_BYTES
  #start = 0
  #end = 0
  readonly #decode: Decode = (sink) => this.#decoder.decode(this.#block, this.#start, this.#end, sink)

  constructor(state: SessionState<Head>, table: StreamTable<Head>, reader: HeadReader<Head>) {
    const { headerTableBytes, maxHeadBytes } = state.limits
    this.#state = state
    this.#table = table
    this.#reader = reader
    this.#decoder = new HpackDecoder({ maxTableBytes: headerTableBytes, maxTextBytes: maxHeadBytes })
  }

  onBlock(streamId: number, endStream: boolean, block: Uint8Array, start: number, end: number): H2Fault | undefined {
    const decode = this.#decode
    this.#block = block
    this.#start = start
    this.#end = end
    const stream = this.#table.streams.get(streamId)
    if (stream === undefined) return this.#onForeign(streamId, endStream, decode)
    if (!stream.remoteOpen)
      return skip(decode) ?? this.#table.breakStream(stream, h2Fault('STREAM_CLOSED', 'A header list follows the end of its stream.'))
    if (stream.headRead) return this.#onTrailers(stream, endStream, decode)
    return this.#reader.onHeadBlock(stream, endStream, decode)
  }

  /** A head was read and is right: what follows is known from it. */
  tellHead(stream: H2Stream<Head>, endStream: boolean): H2Fault | undefined {
    const { head } = stream
    stream.owed = head.framing === 'length' ? head.contentLength : -1
    if (endStream && stream.owed > 0)
      return this.#table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is shorter than its Content-Length.'))
    if (!endStream && stream.protocol === undefined && head.framing !== 'length' && head.framing !== 'raw') expectBody(stream)
    stream.headRead = true
    if (endStream) this.#tellWhole(stream)
    else this.#state.events.onHead(stream)
    return undefined
  }

  /** Nothing follows the head; who is told of it can see that. */
  #tellWhole(stream: H2Stream<Head>): void {
    const both = this.#table.closeRemote(stream)
    this.#state.events.onHead(stream)
    if (both || stream.state !== 'closed') this.#state.events.onEnd(stream)
  }

  #onForeign(streamId: number, endStream: boolean, decode: Decode): H2Fault | undefined {
    const begun = this.#reader.onNewStream(streamId, endStream, decode)
    if (begun !== NO_BEGINNING) return begun
    return skip(decode) ?? this.#onMisplaced(streamId)
  }

  #onMisplaced(streamId: number): H2Fault | undefined {
    if (this.#table.isIdle(streamId)) return h2Fault('PROTOCOL_ERROR', 'A stream has an id that it cannot have.')
    return this.#table.onLate(streamId)
  }

  #onTrailers(stream: H2Stream<Head>, endStream: boolean, decode: Decode): H2Fault | undefined {
    const { maxTrailerBytes, maxHeaders } = this.#state.limits
    TRAILERS.begin({ maxHeadBytes: maxTrailerBytes, maxHeaders })
    if (!decode(TRAILERS)) return COMPRESSION
    const fields = endStream ? TRAILERS.finish() : undefined
    if (fields === undefined)
      return this.#table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'The trailers are malformed, or do not end the stream.'))
    stream.trailers = fields
    return this.#table.endRemote(stream)
  }
}

export const COMPRESSION = h2Fault('COMPRESSION_ERROR', 'A header block cannot be decoded.')

/** Both ends' tables must stay equal, whoever reads the fields. */
export function skip(decode: Decode): H2Fault | undefined {
  return decode(NOBODY) ? undefined : COMPRESSION
}

const NO_BYTES = new Uint8Array(0)
const NOBODY: FieldSink = { field: () => false }
/** Serves all connections: a list is read and taken in one go. */
const TRAILERS = new TrailerFields()

/** A body whose length nobody told (what an extended CONNECT carries is no body); a reply that has none by its status or method may still end in a frame of its own. */
function expectBody(stream: H2Stream): void {
  const { head } = stream
  if (head.framing === 'none' && !(head instanceof RequestHead)) stream.owed = 0
  else head.framing = 'chunked'
}
