import type { Output } from '../h1/output.ts'

/** Below this, a loop is faster than a view and a call into the engine. */
const BY_HAND = 80

/** Copies bytes behind what was written; room for them is there. */
export function putBytes(out: Output, from: Uint8Array, start: number, end: number): void {
  const { bytes, length } = out
  const size = end - start
  if (size < BY_HAND) for (let at = 0; at < size; at++) bytes[length + at] = from[start + at] as number
  else bytes.set(from.subarray(start, end), length)
  out.length = length + size
}
