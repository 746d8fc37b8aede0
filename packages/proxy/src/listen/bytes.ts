/** No bytes. */
export const NO_BYTES = new Uint8Array(0)

/** A copy of both, one behind the other. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
