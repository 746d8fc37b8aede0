import type { Output } from '../../h1/output.ts'

/** Larger integers than this are refused: no length or index that is allowed comes near. */
const MAX_INTEGER = 0x0fff_ffff

/** Reads integers with a prefix of `bits` bits (RFC 7541 section 5.1); `next` is the position behind. */
export class IntegerReader {
  next = 0

  /** The value, or -1: it is not complete, or too large. */
  read(bytes: Uint8Array, at: number, end: number, bits: number): number {
    const mask = (1 << bits) - 1
    let value = (bytes[at] as number) & mask
    this.next = at + 1
    if (value < mask) return value
    for (let shift = 0; shift <= 28; shift += 7) {
      if (this.next >= end) return -1
      const byte = bytes[this.next++] as number
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value > MAX_INTEGER ? -1 : value
    }
    return -1
  }
}

/** `first` holds the bits before the prefix. */
export function writeInteger(out: Output, first: number, bits: number, value: number): void {
  const mask = (1 << bits) - 1
  if (value < mask) return out.byte(first | value)
  out.byte(first | mask)
  let rest = value - mask
  while (rest > 127) {
    out.byte((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  out.byte(rest)
}
