import type { Output } from '../h1/output.ts'
import { FLAG, FRAME, FRAME_HEAD_BYTES, H2_ERROR, SETTING, type H2ErrorName } from './protocol.ts'
import { putBytes } from './put-bytes.ts'

/** Leaves room for the head of a frame that is written first; answers where, for `endHeaderBlock`. */
export function beginHeaderBlock(out: Output): number {
  const start = out.length
  out.reserve(FRAME_HEAD_BYTES)
  out.length += FRAME_HEAD_BYTES
  return start
}

/** Makes HEADERS of the block that was written since, and as many CONTINUATION frames as the peer's frame size makes of it. */
export function endHeaderBlock(
  out: Output,
  start: number,
  { id: streamId }: { readonly id: number },
  endStream: boolean,
  maxFrameBytes: number,
): void {
  const length = out.length - start - FRAME_HEAD_BYTES
  const flags = endStream ? FLAG.endStream : 0
  if (length <= maxFrameBytes) return putFrameHead(out.bytes, start, length, FRAME.headers, flags | FLAG.endHeaders, streamId)
  const block = out.bytes.slice(start + FRAME_HEAD_BYTES, out.length)
  putFrameHead(out.bytes, start, maxFrameBytes, FRAME.headers, flags, streamId)
  out.length = start + FRAME_HEAD_BYTES + maxFrameBytes
  for (let at = maxFrameBytes; at < length; at += maxFrameBytes) {
    const size = Math.min(maxFrameBytes, length - at)
    writeFrameHead(out, size, FRAME.continuation, at + size === length ? FLAG.endHeaders : 0, streamId)
    out.copy(block, at, at + size)
  }
}

/** A DATA frame with these bytes. */
export function writeData(
  out: Output,
  to: { readonly id: number },
  endStream: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  writeFrameHead(out, end - start, FRAME.data, endStream ? FLAG.endStream : 0, to.id)
  out.reserve(end - start)
  putBytes(out, bytes, start, end)
}

export function writeSettings(out: Output, settings: Partial<Record<keyof typeof SETTING, number>>): void {
  const entries = Object.entries(settings) as [keyof typeof SETTING, number][]
  writeFrameHead(out, entries.length * 6, FRAME.settings, 0, 0)
  for (const [name, value] of entries) {
    out.byte(0)
    out.byte(SETTING[name])
    writeNumber(out, value)
  }
}

export function writeSettingsAck(out: Output): void {
  writeFrameHead(out, 0, FRAME.settings, FLAG.ack, 0)
}

/** Eight bytes of `from`. */
export function writePing(out: Output, from: Uint8Array, start: number, ack: boolean): void {
  writeFrameHead(out, 8, FRAME.ping, ack ? FLAG.ack : 0, 0)
  out.copy(from, start, start + 8)
}

export function writeWindowUpdate(out: Output, streamId: number, bytes: number): void {
  writeFrameHead(out, 4, FRAME.windowUpdate, 0, streamId)
  writeNumber(out, bytes)
}

export function writeReset(out: Output, streamId: number, code: H2ErrorName): void {
  writeFrameHead(out, 4, FRAME.rstStream, 0, streamId)
  writeNumber(out, H2_ERROR[code])
}

export function writeGoaway(out: Output, lastStreamId: number, code: H2ErrorName): void {
  writeFrameHead(out, 8, FRAME.goaway, 0, 0)
  writeNumber(out, lastStreamId)
  writeNumber(out, H2_ERROR[code])
}

function writeFrameHead(out: Output, length: number, type: number, flags: number, streamId: number): void {
  out.reserve(FRAME_HEAD_BYTES)
  putFrameHead(out.bytes, out.length, length, type, flags, streamId)
  out.length += FRAME_HEAD_BYTES
}

function putFrameHead(bytes: Uint8Array, at: number, length: number, type: number, flags: number, streamId: number): void {
  bytes[at] = length >> 16
  bytes[at + 1] = length >> 8
  bytes[at + 2] = length
  bytes[at + 3] = type
  bytes[at + 4] = flags
  putNumber(bytes, at + 5, streamId)
}

function writeNumber(out: Output, value: number): void {
  out.reserve(4)
  putNumber(out.bytes, out.length, value)
  out.length += 4
}

function putNumber(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
