/** FNV-1a over bytes, 32 bits, going on from `seed`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number = SEED): number {
  let hash = seed
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME)
  return hash
}

/** The same over text of one byte per character. */
export function hashText(text: string, seed: number = SEED): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return hash
}

const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193
