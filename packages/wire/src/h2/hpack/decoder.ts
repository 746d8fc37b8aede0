import { DecodedField, type Span } from './decoded-field.ts'
import { DynamicTable } from './dynamic-table.ts'
import { HpackEntry } from './hpack-entry.ts'
import { decodeHuffman, type TextRoom } from './huffman.ts'
import { IntegerReader } from './integer.ts'
import { STATIC_ENTRIES, STATIC_SIZE } from './static-table.ts'

/** Takes the fields of a block, one by one; false: no more of them are wanted (they are decoded all the same, for the table). */
export interface FieldSink {
  field(field: DecodedField): boolean
}

/** Reads header blocks (RFC 7541). One for each direction of a connection: a block that was refused leaves it unusable. */
export class HpackDecoder {
  readonly #table: DynamicTable
  readonly #maxTableBytes: number
  readonly #integers = new IntegerReader()
  readonly #field = new DecodedField()
  readonly #maxTextBytes: number

  /** `maxTableBytes` is what our settings allow the peer, `maxTextBytes` bounds a single name or value. */
  constructor(init: { readonly maxTableBytes: number; readonly maxTextBytes: number }) {
    this.#maxTableBytes = init.maxTableBytes
    this.#table = new DynamicTable(init.maxTableBytes)
    this.#maxTextBytes = init.maxTextBytes
    if (ROOM.bytes.length < init.maxTextBytes * 2) ROOM.bytes = new Uint8Array(init.maxTextBytes * 2)
  }

  /** Reads a whole block; answers whether it was one. */
  decode(block: Uint8Array, start: number, end: number, sink: FieldSink): boolean {
    const field = this.#field
    let at = start
    let wanted = true
    let updates = 0
    let fields = 0
    while (at < end) {
      const first = block[at] as number
      if ((first & 0xe0) === 0x20) {
        // A block may begin with two changes of the table's size, and only begin (RFC 7541 section 4.2).
        if (fields > 0 || ++updates > 2) return false
        at = this.#resize(block, at, end)
      } else {
        fields++
        at = (first & 0x80) === 0 ? this.#literal(block, at, end, first) : this.#indexed(block, at, end)
        if (at >= 0 && wanted) wanted = sink.field(field)
      }
      if (at < 0) return false
    }
    return true
  }

  #resize(block: Uint8Array, at: number, end: number): number {
    const bytes = this.#integers.read(block, at, end, 5)
    if (bytes < 0 || bytes > this.#maxTableBytes) return -1
    this.#table.resize(bytes)
    return this.#integers.next
  }

  #indexed(block: Uint8Array, at: number, end: number): number {
    const entry = this.#entry(this.#integers.read(block, at, end, 7))
    if (entry === undefined) return -1
    this.#field.is(entry)
    this.#field.never = false
    return this.#integers.next
  }

  /** With indexing `01`, without `0000`, never `0001`. */
  #literal(block: Uint8Array, from: number, end: number, first: number): number {
    const field = this.#field
    const indexing = (first & 0x40) !== 0
    const index = this.#integers.read(block, from, end, indexing ? 6 : 4)
    if (index < 0) return -1
    let at = this.#integers.next
    ROOM.at = 0
    field.never = (first & 0xf0) === 0x10
    field.nameEntry = field.entry = undefined
    if (index === 0) at = this.#text(block, at, end, field.name)
    else {
      const entry = this.#entry(index)
      if (entry === undefined) return -1
      field.isNamedLike(entry)
    }
    if (at >= 0) at = this.#text(block, at, end, field.value)
    if (at >= 0 && indexing) this.#remember(field)
    return at
  }

  #remember(field: DecodedField): void {
    const entry = entryOf(field)
    this.#table.add(entry)
    field.is(entry)
  }

  #text(block: Uint8Array, at: number, end: number, span: Span): number {
    if (at >= end) return -1
    const coded = (block[at] as number) >= 128
    const length = this.#integers.read(block, at, end, 7)
    const start = this.#integers.next
    if (length < 0 || length > end - start) return -1
    if (!coded) {
      span.set(block, start, start + length)
      return length > this.#maxTextBytes ? -1 : start + length
    }
    const textStart = ROOM.at
    ROOM.limit = textStart + this.#maxTextBytes
    if (!decodeHuffman(block, start, start + length, ROOM)) return -1
    span.set(ROOM.bytes, textStart, ROOM.at)
    return start + length
  }

  #entry(index: number): HpackEntry | undefined {
    if (index <= 0) return undefined
    return index <= STATIC_SIZE ? STATIC_ENTRIES[index - 1] : this.#table.at(index - STATIC_SIZE - 1)
  }
}

/** For a name and a value: whoever takes a field copies what it keeps, so one room serves all connections. */
const ROOM: TextRoom = { bytes: new Uint8Array(0), at: 0, limit: 0 }

function entryOf({ name, value, nameEntry }: DecodedField): HpackEntry {
  const bytes = new Uint8Array(name.length + value.length)
  bytes.set(name.bytes.subarray(name.start, name.end))
  bytes.set(value.bytes.subarray(value.start, value.end), name.length)
  const entry = new HpackEntry(bytes, name.length)
  entry.kind = nameEntry?.kind ?? 0
  return entry
}
