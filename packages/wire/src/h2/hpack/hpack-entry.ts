import { hashBytes } from './hash.ts'

/** What the standard adds to each entry's length (RFC 7541 section 4.1). */
const OVERHEAD = 32

/** A field in a table: name and value behind each other. */
export class HpackEntry {
  readonly bytes: Uint8Array
  readonly nameLength: number
  /** Over the name, and over name and value. */
  readonly nameHash: number
  readonly hash: number

  constructor(bytes: Uint8Array, nameLength: number) {
    this.bytes = bytes
    this.nameLength = nameLength
    this.nameHash = hashBytes(bytes, 0, nameLength)
    this.hash = hashBytes(bytes, nameLength, bytes.length, this.nameHash)
  }

  static of(name: string, value: string): HpackEntry {
    const bytes = Uint8Array.from(name + value, (character) => character.charCodeAt(0))
    return new HpackEntry(bytes, name.length)
  }

  /** As the table counts it, in bytes. */
  get size(): number {
    return this.bytes.length + OVERHEAD
  }
}

/** Size of a field as a header list counts it (RFC 9113 section 6.5.2). */
export function fieldSize(nameLength: number, valueLength: number): number {
  return nameLength + valueLength + OVERHEAD
}
