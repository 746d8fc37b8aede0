import { textOf } from '../../h1/text.ts'
import { hashBytes } from './hash.ts'

/** What the standard adds to each entry's length (RFC 7541 section 4.1). */
const OVERHEAD = 32

/** A field in a table: name and value behind each other. What is found out about it is found out once. */
export class HpackEntry {
  readonly bytes: Uint8Array
  readonly nameLength: number
  /** What the name means to whoever reads heads; 0: that was not asked yet. */
  kind = 0
  /** Whether the value may stand in a head. */
  sound: boolean | undefined
  /** As a line of HTTP/1.1. */
  line: Uint8Array | undefined
  #name: string | undefined
  #value: string | undefined

  constructor(bytes: Uint8Array, nameLength: number) {
    this.bytes = bytes
    this.nameLength = nameLength
  }

  static of(name: string, value: string): HpackEntry {
    const bytes = Uint8Array.from(name + value, (character) => character.charCodeAt(0))
    return new HpackEntry(bytes, name.length)
  }

  /** As the table counts it, in bytes. */
  get size(): number {
    return this.bytes.length + OVERHEAD
  }

  get name(): string {
    return (this.#name ??= textOf(this.bytes, 0, this.nameLength))
  }

  get value(): string {
    return (this.#value ??= textOf(this.bytes, this.nameLength, this.bytes.length))
  }

  /** Over name and value. */
  get hash(): number {
    return hashBytes(this.bytes, 0, this.bytes.length)
  }
}

/** Size of a field as a header list counts it (RFC 9113 section 6.5.2). */
export function fieldSize(nameLength: number, valueLength: number): number {
  return nameLength + valueLength + OVERHEAD
}
