import { textOf } from '../../h1/text.ts'
import type { HpackEntry } from './hpack-entry.ts'

/** Bytes of somebody else, valid until the next field. */
export class Span {
  bytes: Uint8Array = EMPTY
  start = 0
  end = 0

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get length(): number {
    return this.end - this.start
  }

  /** One character per byte. */
  get text(): string {
    return textOf(this.bytes, this.start, this.end)
  }
}

/** A field of a header block, valid until the next one. */
export class DecodedField {
  readonly name = new Span()
  readonly value = new Span()
  /** Whoever passes it on must keep it out of every table, too (RFC 7541 section 6.2.3). */
  never = false
  /** An entry with this name, and one that is this field, if it was told so or stands in the table now. */
  nameEntry: HpackEntry | undefined
  entry: HpackEntry | undefined

  /** It is this entry. */
  is(entry: HpackEntry): void {
    const { bytes, nameLength } = entry
    this.nameEntry = this.entry = entry
    this.name.set(bytes, 0, nameLength)
    this.value.set(bytes, nameLength, bytes.length)
  }

  /** It has the name of this entry. */
  isNamedLike(entry: HpackEntry): void {
    this.nameEntry = entry
    this.name.set(entry.bytes, 0, entry.nameLength)
  }

  get nameText(): string {
    return this.nameEntry?.name ?? this.name.text
  }

  get valueText(): string {
    return this.entry?.value ?? this.value.text
  }
}

const EMPTY = new Uint8Array(0)
