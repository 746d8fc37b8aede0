import type { Output } from '../../h1/output.ts'
import { CODES, CODE_LENGTHS } from './huffman-code.ts'

/** Where decoded text goes: from `at` on, up to `limit`. */
export interface TextRoom {
  bytes: Uint8Array
  at: number
  limit: number
}

/** Decodes, four bits at a time through a table of states; false: not this code, padding that is none, or no room. */
export function decodeHuffman(from: Uint8Array, start: number, end: number, room: TextRoom): boolean {
  const { bytes: to, limit } = room
  let state = 0
  let out = room.at
  for (let index = start; index < end; index++) {
    const byte = from[index] as number
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = STEPS[(state << 4) | ((byte >> shift) & 15)] as number
      if (step === BROKEN) return false
      if ((step & EMITS) !== 0) {
        if (out === limit) return false
        to[out++] = step & 255
      }
      state = step >>> STATE_SHIFT
    }
  }
  room.at = out
  return ACCEPTING[state] === 1
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

/** A step: the byte that it completes, whether it completes one, and the next state. */
const EMITS = 256
const STATE_SHIFT = 9
const BROKEN = -1

interface Branch {
  readonly children: (Branch | number | undefined)[]
  state: number
  /** Bits from the root when all of them are ones; -1 otherwise. */
  ones: number
}

const { steps: STEPS, accepting: ACCEPTING } = makeTables()

function makeTables(): { readonly steps: Int32Array; readonly accepting: Uint8Array } {
  const branches = makeTree()
  const steps = new Int32Array(branches.length * 16)
  for (const branch of branches)
    for (let nibble = 0; nibble < 16; nibble++) steps[(branch.state << 4) | nibble] = stepFrom(branch, nibble, branches[0])
  // Up to seven ones may stand behind the last code (RFC 7541 section 5.2).
  return { steps, accepting: Uint8Array.from(branches, ({ ones }) => Number(ones >= 0 && ones <= 7)) }
}

function stepFrom(from: Branch, nibble: number, root: Branch | undefined): number {
  let branch = from
  let emitted = 0
  for (let bit = 3; bit >= 0; bit--) {
    const next = branch.children[(nibble >> bit) & 1]
    if (next === undefined || root === undefined) return BROKEN
    if (typeof next === 'number') emitted = EMITS | next
    branch = typeof next === 'number' ? root : next
  }
  return (branch.state << STATE_SHIFT) | emitted
}

/** The inner nodes of the code's tree, the root first. The end-of-string symbol has no leaf, so whoever sends it is refused. */
function makeTree(): readonly Branch[] {
  const root: Branch = { children: [undefined, undefined], state: 0, ones: 0 }
  const branches = [root]
  for (let byte = 0; byte < 256; byte++) {
    let branch = root
    for (let bit = (CODE_LENGTHS[byte] as number) - 1; bit > 0; bit--) {
      const side = Math.floor((CODES[byte] as number) / 2 ** bit) & 1
      let next = branch.children[side]
      if (typeof next !== 'object') {
        next = { children: [undefined, undefined], state: branches.length, ones: side === 1 && branch.ones >= 0 ? branch.ones + 1 : -1 }
        branch.children[side] = next
        branches.push(next)
      }
      branch = next
    }
    branch.children[(CODES[byte] as number) & 1] = byte
  }
  return branches
}
