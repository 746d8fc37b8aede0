import { FRAME, FRAME_HEAD_BYTES, h2Fault, MAX_STREAM_ID, type H2Fault } from './protocol.ts'
import { readNumber } from './settings.ts'

/** The head of a frame (RFC 9113 section 4.1). */
export interface FrameHead {
  length: number
  type: number
  flags: number
  streamId: number
}

/** Takes frames in. Bytes are lent; a fault ends the reading. */
export interface FrameSink {
  /** A frame begins; a fault refuses it before its payload is read. */
  onFrameHead(head: FrameHead): H2Fault | undefined
  /** A whole frame of any type but DATA. */
  onFrame(head: FrameHead, bytes: Uint8Array, start: number, end: number): H2Fault | undefined
  /** A piece of a DATA frame's payload, padding and its length included; `last`: the frame ends with it. */
  onDataPiece(head: FrameHead, bytes: Uint8Array, start: number, end: number, last: boolean): H2Fault | undefined
}

/** Cuts a byte stream into frames. Payloads of DATA pass piece by piece; other frames wait until they are whole, within `maxFrameBytes`. */
export class FrameReader {
  readonly #head: FrameHead = { length: 0, type: 0, flags: 0, streamId: 0 }
  readonly #maxFrameBytes: number
  readonly #headBytes = new Uint8Array(FRAME_HEAD_BYTES)
  #headLength = 0
  #kept = new Uint8Array(0)
  #keptLength = 0
  /** Of the frame being read. */
  #left = 0

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  read(bytes: Uint8Array, from: number, sink: FrameSink): H2Fault | undefined {
    let at = from
    for (;;) {
      if (this.#headLength < FRAME_HEAD_BYTES) {
        if (this.#headLength === 0 && bytes.length - at >= FRAME_HEAD_BYTES) {
          this.#readHead(bytes, at)
          at += FRAME_HEAD_BYTES
        } else {
          at = this.#keepHead(bytes, at)
          if (this.#headLength < FRAME_HEAD_BYTES) return undefined
          this.#readHead(this.#headBytes, 0)
        }
        const refused = this.#begin() ?? sink.onFrameHead(this.#head)
        if (refused !== undefined) return refused
      }
      const taken = Math.min(this.#left, bytes.length - at)
      const whole = taken === this.#left
      if (!whole && taken === 0) return undefined
      const fault = this.#take(bytes, at, at + taken, whole, sink)
      if (fault !== undefined) return fault
      at += taken
      this.#left -= taken
      if (!whole) return undefined
      this.#headLength = 0
    }
  }

  /** A head that comes in pieces. */
  #keepHead(bytes: Uint8Array, from: number): number {
    let at = from
    while (this.#headLength < FRAME_HEAD_BYTES && at < bytes.length) this.#headBytes[this.#headLength++] = bytes[at++] as number
    return at
  }

  #readHead(bytes: Uint8Array, at: number): void {
    const head = this.#head
    head.length = readFrameLength(bytes, at)
    head.type = bytes[at + 3] as number
    head.flags = bytes[at + 4] as number
    head.streamId = readNumber(bytes, at + 5) & MAX_STREAM_ID
    this.#headLength = FRAME_HEAD_BYTES
  }

  #begin(): H2Fault | undefined {
    const { length } = this.#head
    this.#left = length
    this.#keptLength = 0
    return length > this.#maxFrameBytes ? h2Fault('FRAME_SIZE_ERROR', 'A frame is larger than was allowed.') : undefined
  }

  #take(bytes: Uint8Array, start: number, end: number, whole: boolean, sink: FrameSink): H2Fault | undefined {
    if (this.#head.type === FRAME.data) return sink.onDataPiece(this.#head, bytes, start, end, whole)
    if (whole && this.#keptLength === 0) return sink.onFrame(this.#head, bytes, start, end)
    if (this.#kept.length < this.#head.length) this.#kept = new Uint8Array(this.#head.length)
    this.#kept.set(bytes.subarray(start, end), this.#keptLength)
    this.#keptLength += end - start
    return whole ? sink.onFrame(this.#head, this.#kept, 0, this.#keptLength) : undefined
  }
}

/** 24 bits. */
export function readFrameLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
}
