import { Output } from '../h1/output.ts'
import type { H2Limits } from '../limits.ts'
import { FrameReader, type FrameHead, type FrameSink } from './frame-reader.ts'
import { DEFAULT_FRAME_BYTES, FLAG, FRAME, h2Fault, PREFACE, type H2Fault } from './protocol.ts'
import { readNumber } from './settings.ts'

/** What frames say, once their own form is right. Bytes are lent. */
export interface InboundEvents {
  /** A whole header block. */
  onBlock(streamId: number, endStream: boolean, block: Uint8Array, start: number, end: number): H2Fault | undefined
  /** A DATA frame begins: all of its bytes count for flow control. */
  onDataFrame(streamId: number, length: number): H2Fault | undefined
  /** Payload of it, and how many of its other bytes (padding) passed. */
  onPayload(streamId: number, bytes: Uint8Array, start: number, end: number, padding: number): H2Fault | undefined
  onDataEnd(streamId: number): H2Fault | undefined
  onReset(streamId: number, code: number): H2Fault | undefined
  onSettings(bytes: Uint8Array, start: number, end: number): H2Fault | undefined
  onPing(bytes: Uint8Array, start: number, ack: boolean): H2Fault | undefined
  onGoaway(lastStreamId: number, code: number): H2Fault | undefined
  onWindowUpdate(streamId: number, bytes: number): H2Fault | undefined
  /** A stream that says it depends on itself. */
  onSelfDependency(streamId: number): H2Fault | undefined
  /** A frame that carries nothing of a message. */
  onControlFrame(type: number): H2Fault | undefined
}

/** The form of what a peer sends: preface, frames, their sizes and order, padding, header blocks in pieces (RFC 9113 sections 3.4, 4 and 6). */
export class Inbound implements FrameSink {
  readonly #events: InboundEvents
  readonly #limits: H2Limits
  readonly #frames = new FrameReader(DEFAULT_FRAME_BYTES)
  /** Bytes of the preface that are still to come. */
  #preface: number
  #settingsSeen = false
  /** The header block that goes on in CONTINUATION frames, and whose it is. */
  #blockStream = 0
  #blockEndsStream = false
  readonly #block = new Output(1024)
  #continuations = 0
  /** Of the DATA frame being read: bytes read, and length of the padding once it is known. */
  #dataRead = 0
  #padding = 0

  constructor(events: InboundEvents, limits: H2Limits, server: boolean) {
    this.#events = events
    this.#limits = limits
    this.#preface = server ? PREFACE.length : 0
  }

  read(bytes: Uint8Array): H2Fault | undefined {
    let at = 0
    for (; this.#preface > 0 && at < bytes.length; at++) {
      if (bytes[at] !== PREFACE.charCodeAt(PREFACE.length - this.#preface))
        return h2Fault('PROTOCOL_ERROR', 'The connection does not begin with the preface of HTTP/2.')
      this.#preface--
    }
    return at === bytes.length ? undefined : this.#frames.read(bytes, at, this)
  }

  onFrameHead({ type, flags, streamId, length }: FrameHead): H2Fault | undefined {
    if (!this.#settingsSeen && (type !== FRAME.settings || (flags & FLAG.ack) !== 0))
      return h2Fault('PROTOCOL_ERROR', 'The first frame is not SETTINGS.')
    this.#settingsSeen = true
    if ((this.#blockStream !== 0) !== (type === FRAME.continuation) || (this.#blockStream !== 0 && streamId !== this.#blockStream))
      return h2Fault('PROTOCOL_ERROR', 'A header block is interrupted, or goes on without having begun.')
    const misplaced = misplacement(type, streamId)
    if (misplaced !== undefined) return h2Fault('PROTOCOL_ERROR', misplaced)
    if (type !== FRAME.data) return undefined
    this.#dataRead = 0
    this.#padding = 0
    if ((flags & FLAG.padded) !== 0 && length === 0) return h2Fault('FRAME_SIZE_ERROR', 'A padded frame has no padding length.')
    const empty = length === 0 && (flags & FLAG.endStream) === 0
    return (empty ? this.#events.onControlFrame(type) : undefined) ?? this.#events.onDataFrame(streamId, length)
  }

  onDataPiece({ streamId, flags, length }: FrameHead, bytes: Uint8Array, start: number, end: number, last: boolean): H2Fault | undefined {
    let from = start
    let padding = 0
    if ((flags & FLAG.padded) !== 0 && this.#dataRead === 0 && end > start) {
      this.#padding = bytes[from++] as number
      padding = 1
      if (this.#padding >= length) return h2Fault('PROTOCOL_ERROR', 'The padding is as long as its frame.')
    }
    this.#dataRead += end - start
    const payloadEnd = Math.max(from, end - Math.max(0, this.#dataRead - (length - this.#padding)))
    padding += end - payloadEnd
    const fault = this.#events.onPayload(streamId, bytes, from, payloadEnd, padding)
    if (fault !== undefined || !last || (flags & FLAG.endStream) === 0) return fault
    return this.#events.onDataEnd(streamId)
  }

  onFrame(head: FrameHead, bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    const { type, flags, streamId, length } = head
    const events = this.#events
    const size = FIXED_SIZES[type] ?? 0
    if (size > 0 && length !== size) return h2Fault('FRAME_SIZE_ERROR', 'A frame has another size than its type demands.')
    switch (type) {
      case FRAME.headers:
        return this.#onHeaders(head, bytes, start, end)
      case FRAME.continuation:
        return this.#onContinuation(head, bytes, start, end)
      case FRAME.priority:
        return (
          events.onControlFrame(type) ??
          ((readNumber(bytes, start) & 0x7fff_ffff) === streamId ? events.onSelfDependency(streamId) : undefined)
        )
      case FRAME.rstStream:
        return events.onControlFrame(type) ?? events.onReset(streamId, readNumber(bytes, start))
      case FRAME.settings:
        return events.onControlFrame(type) ?? this.#onSettings(flags, bytes, start, end)
      case FRAME.pushPromise:
        return h2Fault('PROTOCOL_ERROR', 'The peer pushes, which was not allowed.')
      case FRAME.ping:
        return events.onControlFrame(type) ?? events.onPing(bytes, start, (flags & FLAG.ack) !== 0)
      case FRAME.goaway:
        if (length < 8) return h2Fault('FRAME_SIZE_ERROR', 'A GOAWAY frame is too short.')
        return events.onControlFrame(type) ?? events.onGoaway(readNumber(bytes, start) & 0x7fff_ffff, readNumber(bytes, start + 4))
      case FRAME.windowUpdate:
        return events.onControlFrame(type) ?? events.onWindowUpdate(streamId, readNumber(bytes, start) & 0x7fff_ffff)
      default:
        // Types that are not known are passed over (RFC 9113 section 4.1).
        return events.onControlFrame(type)
    }
  }

  #onSettings(flags: number, bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    if ((flags & FLAG.ack) !== 0)
      return end > start ? h2Fault('FRAME_SIZE_ERROR', 'An acknowledgement of SETTINGS carries something.') : undefined
    if ((end - start) % 6 !== 0) return h2Fault('FRAME_SIZE_ERROR', 'A SETTINGS frame ends in the middle of a setting.')
    return this.#events.onSettings(bytes, start, end)
  }

  #onHeaders({ streamId, flags }: FrameHead, bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    let from = start
    let to = end
    if ((flags & FLAG.padded) !== 0) {
      to -= from < end ? (bytes[from++] as number) : 1
    }
    let selfDependent = false
    if ((flags & FLAG.priority) !== 0) {
      selfDependent = from + 5 <= to && (readNumber(bytes, from) & 0x7fff_ffff) === streamId
      from += 5
    }
    if (from > to) return h2Fault('PROTOCOL_ERROR', 'A HEADERS frame is shorter than its own fields.')
    const endStream = (flags & FLAG.endStream) !== 0
    if ((flags & FLAG.endHeaders) !== 0) {
      const fault = this.#events.onBlock(streamId, endStream, bytes, from, to)
      return fault ?? (selfDependent ? this.#events.onSelfDependency(streamId) : undefined)
    }
    this.#blockStream = streamId
    this.#blockEndsStream = endStream
    this.#continuations = 0
    this.#block.clear()
    return this.#keep(bytes, from, to)
  }

  #onContinuation({ flags, streamId }: FrameHead, bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    if (++this.#continuations > this.#limits.maxContinuations)
      return h2Fault('ENHANCE_YOUR_CALM', 'A header block comes in too many pieces.')
    const fault = this.#keep(bytes, start, end)
    if (fault !== undefined || (flags & FLAG.endHeaders) === 0) return fault
    this.#blockStream = 0
    return this.#events.onBlock(streamId, this.#blockEndsStream, this.#block.bytes, 0, this.#block.length)
  }

  #keep(bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    if (this.#block.length + end - start > this.#limits.maxHeadBytes)
      return h2Fault('ENHANCE_YOUR_CALM', 'A header block is larger than was allowed.')
    this.#block.copy(bytes, start, end)
    return undefined
  }
}

/** By type; 0: frames of it have any size. */
const FIXED_SIZES: readonly number[] = sizesByType()

function sizesByType(): number[] {
  const sizes: number[] = Object.values(FRAME).map(() => 0)
  sizes[FRAME.priority] = 5
  sizes[FRAME.rstStream] = 4
  sizes[FRAME.ping] = 8
  sizes[FRAME.windowUpdate] = 4
  return sizes
}

/** Which frames belong to a stream, and which to the connection. */
function misplacement(type: number, streamId: number): string | undefined {
  if (streamId === 0) return isOfStream(type) ? 'A frame that belongs to a stream names none.' : undefined
  return isOfConnection(type) ? 'A frame that belongs to the connection names a stream.' : undefined
}

function isOfStream(type: number): boolean {
  return type <= FRAME.rstStream || type === FRAME.continuation
}

function isOfConnection(type: number): boolean {
  return type === FRAME.settings || type === FRAME.ping || type === FRAME.goaway
}
