import type { Output } from '../../h1/output.ts'
import { CODES, CODE_LENGTHS } from './huffman-code.ts'
import { BROKEN, EMITS, makeTables, STATE_SHIFT, type Tables } from './huffman-tables.ts'

/** Where decoded text goes: from `at` on, up to `limit`. */
export interface TextRoom {
  bytes: Uint8Array
  at: number
  limit: number
}

/** Made when the first text comes: they take longer than all else of this package's start. */
let tables: Tables | undefined

/** Decodes, four bits at a time through a table of states; false: not this code, padding that is none, or no room. */
export function decodeHuffman(from: Uint8Array, start: number, end: number, room: TextRoom): boolean {
  const { bytes: to, limit } = room
  const { steps, accepting } = (tables ??= makeTables())
  let state = 0
  let out = room.at
  for (let index = start; index < end; index++) {
    const byte = from[index] as number
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = steps[(state << 4) | ((byte >> shift) & 15)] as number
      if (step === BROKEN) return false
      if ((step & EMITS) !== 0) {
        if (out === limit) return false
        to[out++] = step & 255
      }
      state = step >>> STATE_SHIFT
    }
  }
  room.at = out
  return accepting[state] === 1
}

/** Length of the text in this code, in bytes. */
export function huffmanLength(from: Uint8Array, start: number, end: number): number {
  let bits = 0
  for (let at = start; at < end; at++) bits += CODE_LENGTHS[from[at] as number] as number
  return (bits + 7) >> 3
}

/** Writes the text in this code; `coded` is its `huffmanLength`. */
export function encodeHuffman(from: Uint8Array, start: number, end: number, out: Output, coded = huffmanLength(from, start, end)): void {
  out.reserve(coded)
  const { bytes } = out
  let put = out.length
  let pending = 0
  let bits = 0
  for (let at = start; at < end; at++) {
    const byte = from[at] as number
    let length = CODE_LENGTHS[byte] as number
    let code = CODES[byte] as number
    if (length > HALF_BITS) {
      // At most 7 bits wait, and 32 are held: long codes, of bytes that texts hardly have, go in two parts.
      length -= HALF_BITS
      bits += length
      pending = (pending << length) | (code >>> HALF_BITS)
      for (; bits >= 8; bits -= 8) bytes[put++] = pending >>> (bits - 8)
      length = HALF_BITS
      code &= HALF_MASK
    }
    bits += length
    pending = (pending << length) | code
    for (; bits >= 8; bits -= 8) bytes[put++] = pending >>> (bits - 8)
  }
  // Padding is the beginning of the end-of-string code: ones.
  if (bits > 0) bytes[put++] = (pending << (8 - bits)) | (255 >> bits)
  out.length = put
}

const HALF_BITS = 16
const HALF_MASK = 0xffff
