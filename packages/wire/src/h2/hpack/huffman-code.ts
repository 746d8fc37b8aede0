/**
 * Lengths in bits of the Huffman code for each byte (RFC 7541 appendix B). The code is canonical: among codes of one length, and from
 * one length to the next, each is the next number; the end-of-string symbol has the last one, 30 ones.
 */
const LENGTHS =
  '13,23,28,28,28,28,28,28,28,24,30,28,28,30,28,28,28,28,28,28,28,28,30,28,28,28,28,28,28,28,28,28,6,10,10,12,13,6,8,11,10,10,8,' +
  '11,8,6,6,6,5,5,5,6,6,6,6,6,6,6,7,8,15,6,12,10,13,6,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,' +
  '7,7,8,7,8,13,19,13,14,6,15,5,6,5,6,5,6,6,6,5,7,7,6,6,6,5,6,7,6,5,5,6,7,7,7,7,7,15,11,14,13,28,20,' +
  '22,20,20,22,22,22,23,22,23,23,23,23,23,24,23,24,24,22,23,24,23,23,23,23,21,22,23,22,23,23,24,22,21,20,22,22,23,23,21,23,22,22,24,' +
  '21,22,23,23,21,21,22,21,23,22,23,23,20,22,22,22,23,22,22,23,26,26,20,19,22,23,22,25,26,26,26,27,27,26,24,25,19,21,26,27,27,26,27,' +
  '24,21,21,26,26,28,27,27,27,20,24,20,21,22,21,21,23,22,22,25,25,24,24,26,23,26,27,26,26,27,27,27,27,27,28,27,27,27,27,27,26'

/** By byte: the code's length in bits, and the code itself in the lowest bits. */
export const CODE_LENGTHS: Uint8Array = Uint8Array.from(LENGTHS.split(','), Number)
export const CODES: Uint32Array = canonicalCodes()

/** The bytes in the order of their codes. */
export function bytesInCodeOrder(): readonly number[] {
  return Array.from({ length: 256 }, (_, byte) => byte).sort(
    (left, right) => (CODE_LENGTHS[left] as number) - (CODE_LENGTHS[right] as number) || left - right,
  )
}

function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(256)
  let code = 0
  let length = 0
  for (const byte of bytesInCodeOrder()) {
    const own = CODE_LENGTHS[byte] as number
    code *= 2 ** (own - length)
    length = own
    codes[byte] = code++
  }
  return codes
}
