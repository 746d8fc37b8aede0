import { DynamicTable } from './dynamic-table.ts'
import { HpackEntry } from './hpack-entry.ts'
import { decodeHuffman, type TextRoom } from './huffman.ts'
import { IntegerReader } from './integer.ts'
import { STATIC_ENTRIES, STATIC_SIZE } from './static-table.ts'

/** Bytes of somebody else, valid until the next field. */
export interface Span {
  bytes: Uint8Array
  start: number
  end: number
}

/**
 * Takes the fields of a block, one by one; false: no more of them are wanted (they are decoded all the same, for the table).
 * `never`: whoever passes the field on must keep it out of every table, too (RFC 7541 section 6.2.3).
 */
export interface FieldSink {
  field(name: Span, value: Span, never: boolean): boolean
}

const EMPTY = new Uint8Array(0)

/** Reads header blocks (RFC 7541). One for each direction of a connection: a block that was refused leaves it unusable. */
export class HpackDecoder {
  readonly #table: DynamicTable
  readonly #maxTableBytes: number
  readonly #integers = new IntegerReader()
  readonly #name: Span = { bytes: EMPTY, start: 0, end: 0 }
  readonly #value: Span = { bytes: EMPTY, start: 0, end: 0 }
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
        if (at >= 0 && wanted) wanted = sink.field(this.#name, this.#value, (first & 0xf0) === 0x10)
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
    setSpan(this.#name, entry.bytes, 0, entry.nameLength)
    setSpan(this.#value, entry.bytes, entry.nameLength, entry.bytes.length)
    return this.#integers.next
  }

  /** With indexing `01`, without `0000`, never `0001`. */
  #literal(block: Uint8Array, from: number, end: number, first: number): number {
    const indexing = (first & 0x40) !== 0
    const index = this.#integers.read(block, from, end, indexing ? 6 : 4)
    if (index < 0) return -1
    let at = this.#integers.next
    ROOM.at = 0
    if (index === 0) at = this.#text(block, at, end, this.#name)
    else {
      const entry = this.#entry(index)
      if (entry === undefined) return -1
      setSpan(this.#name, entry.bytes, 0, entry.nameLength)
    }
    if (at >= 0) at = this.#text(block, at, end, this.#value)
    if (at >= 0 && indexing) this.#table.add(entryOf(this.#name, this.#value))
    return at
  }

  #text(block: Uint8Array, at: number, end: number, span: Span): number {
    if (at >= end) return -1
    const coded = (block[at] as number) >= 128
    const length = this.#integers.read(block, at, end, 7)
    const start = this.#integers.next
    if (length < 0 || length > end - start) return -1
    if (!coded) {
      setSpan(span, block, start, start + length)
      return length > this.#maxTextBytes ? -1 : start + length
    }
    const textStart = ROOM.at
    ROOM.limit = textStart + this.#maxTextBytes
    if (!decodeHuffman(block, start, start + length, ROOM)) return -1
    setSpan(span, ROOM.bytes, textStart, ROOM.at)
    return start + length
  }

  #entry(index: number): HpackEntry | undefined {
    if (index <= 0) return undefined
    return index <= STATIC_SIZE ? STATIC_ENTRIES[index - 1] : this.#table.at(index - STATIC_SIZE - 1)
  }
}

/** For a name and a value: whoever takes a field copies what it keeps, so one room serves all connections. */
const ROOM: TextRoom = { bytes: EMPTY, at: 0, limit: 0 }

function setSpan(span: Span, bytes: Uint8Array, start: number, end: number): void {
  span.bytes = bytes
  span.start = start
  span.end = end
}

function entryOf(name: Span, value: Span): HpackEntry {
  const nameLength = name.end - name.start
  const bytes = new Uint8Array(nameLength + value.end - value.start)
  bytes.set(name.bytes.subarray(name.start, name.end))
  bytes.set(value.bytes.subarray(value.start, value.end), nameLength)
  return new HpackEntry(bytes, nameLength)
}
