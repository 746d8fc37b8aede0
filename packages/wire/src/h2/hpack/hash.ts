/** FNV-1a over bytes, 32 bits, going on from `seed`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number = SEED): number {
  let hash = seed
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME)
  return hash
}

/** The same over letters in lower case, whatever case they stand in. */
export function hashFolded(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    hash = Math.imul(hash ^ (byte >= 65 && byte <= 90 ? byte + 32 : byte), PRIME)
  }
  return hash
}

const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193
