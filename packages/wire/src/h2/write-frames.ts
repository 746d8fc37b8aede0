import type { Output } from '../h1/output.ts'
import { FLAG, FRAME, H2_ERROR, SETTING, type H2ErrorName } from './protocol.ts'

export function writeFrameHead(
  out: Output,
  frame: { readonly length: number; readonly type: number; readonly flags: number; readonly streamId: number },
): void {
  const { length, type, flags, streamId } = frame
  out.byte(length >> 16)
  out.byte(length >> 8)
  out.byte(length)
  out.byte(type)
  out.byte(flags)
  writeNumber(out, streamId)
}

/** HEADERS, and as many CONTINUATION frames as the peer's frame size makes of it. */
export function writeHeaderBlock(
  out: Output,
  block: Uint8Array,
  to: { readonly streamId: number; readonly endStream: boolean; readonly maxFrameBytes: number },
): void {
  const { streamId, endStream, maxFrameBytes } = to
  let at = 0
  do {
    const length = Math.min(maxFrameBytes, block.length - at)
    const last = at + length === block.length
    const flags = (last ? FLAG.endHeaders : 0) | (at === 0 && endStream ? FLAG.endStream : 0)
    writeFrameHead(out, { length, type: at === 0 ? FRAME.headers : FRAME.continuation, flags, streamId })
    out.copy(block, at, at + length)
    at += length
  } while (at < block.length)
}

export function writeDataHead(out: Output, streamId: number, length: number, endStream: boolean): void {
  writeFrameHead(out, { length, type: FRAME.data, flags: endStream ? FLAG.endStream : 0, streamId })
}

export function writeSettings(out: Output, settings: Partial<Record<keyof typeof SETTING, number>>): void {
  const entries = Object.entries(settings) as [keyof typeof SETTING, number][]
  writeFrameHead(out, { length: entries.length * 6, type: FRAME.settings, flags: 0, streamId: 0 })
  for (const [name, value] of entries) {
    out.byte(0)
    out.byte(SETTING[name])
    writeNumber(out, value)
  }
}

export function writeSettingsAck(out: Output): void {
  writeFrameHead(out, { length: 0, type: FRAME.settings, flags: FLAG.ack, streamId: 0 })
}

/** Eight bytes of `from`. */
export function writePing(out: Output, from: Uint8Array, start: number, ack: boolean): void {
  writeFrameHead(out, { length: 8, type: FRAME.ping, flags: ack ? FLAG.ack : 0, streamId: 0 })
  out.copy(from, start, start + 8)
}

export function writeWindowUpdate(out: Output, streamId: number, bytes: number): void {
  writeFrameHead(out, { length: 4, type: FRAME.windowUpdate, flags: 0, streamId })
  writeNumber(out, bytes)
}

export function writeReset(out: Output, streamId: number, code: H2ErrorName): void {
  writeFrameHead(out, { length: 4, type: FRAME.rstStream, flags: 0, streamId })
  writeNumber(out, H2_ERROR[code])
}

export function writeGoaway(out: Output, lastStreamId: number, code: H2ErrorName): void {
  writeFrameHead(out, { length: 8, type: FRAME.goaway, flags: 0, streamId: 0 })
  writeNumber(out, lastStreamId)
  writeNumber(out, H2_ERROR[code])
}

function writeNumber(out: Output, value: number): void {
  out.byte(value >>> 24)
  out.byte(value >>> 16)
  out.byte(value >>> 8)
  out.byte(value)
}
