import { HT, SP } from './characters.ts'
import type { H1ErrorCode } from './h1-error.ts'
import type { MessageHead } from './message-head.ts'
import { ID_CONTENT_LENGTH, ID_TRANSFER_ENCODING } from './names.ts'
import { equalsFolded } from './text.ts'

/**
 * Derives the framing from Content-Length and Transfer-Encoding, stricter than RFC 9112 section 6.3 asks:
 * what two readers could understand differently is refused. Leaves `none` when neither is there.
 */
export function readFraming(head: MessageHead, source: Uint8Array, base: number): H1ErrorCode | undefined {
  const { lines } = head
  let length = -1
  let coding = -1
  for (let line = 0; line < lines.count; line++) {
    const id = lines.ids[line]
    if (id === ID_CONTENT_LENGTH) {
      if (length !== -1) return 'duplicate-content-length'
      length = line
    } else if (id === ID_TRANSFER_ENCODING) {
      if (coding !== -1) return 'bad-transfer-encoding'
      coding = line
    }
  }
  head.framing = 'none'
  head.contentLength = 0
  if (length !== -1 && coding !== -1) return 'length-and-chunked'
  if (length !== -1) return readLength(head, source, base + lines.valueStart(length), base + lines.valueEnd(length))
  if (coding !== -1) return readCoding(head, source, base + lines.valueStart(coding), base + lines.valueEnd(coding))
  return undefined
}

/** Digits only, at most 2^53 − 1: `Number` takes far more than that. */
function readLength(head: MessageHead, source: Uint8Array, start: number, end: number): H1ErrorCode | undefined {
  if (start === end || end - start > 16) return 'bad-content-length'
  let length = 0
  for (let at = start; at < end; at++) {
    const digit = (source[at] as number) - 48
    if (digit < 0 || digit > 9) return 'bad-content-length'
    length = length * 10 + digit
  }
  if (length > Number.MAX_SAFE_INTEGER) return 'bad-content-length'
  head.framing = 'length'
  head.contentLength = length
  return undefined
}

function readCoding(head: MessageHead, source: Uint8Array, start: number, end: number): H1ErrorCode | undefined {
  if (head.minor === 0 || !equalsFolded(source, start, end, 'chunked')) return 'bad-transfer-encoding'
  if (isPaddedByTab(source, start, end)) return 'bad-transfer-encoding'
  head.framing = 'chunked'
  return undefined
}

/** A tab around the value is white space to RFC 9110, and part of an unknown coding to some readers. */
function isPaddedByTab(source: Uint8Array, start: number, end: number): boolean {
  let from = start
  let to = end
  while (source[from - 1] === SP) from--
  while (source[to] === SP) to++
  return source[from - 1] === HT || source[to] === HT
}
