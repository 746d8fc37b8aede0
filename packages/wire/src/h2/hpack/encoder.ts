import type { Output } from '../../h1/output.ts'
import { putBytes } from '../put-bytes.ts'
import { DynamicTable } from './dynamic-table.ts'
import { hashBytes } from './hash.ts'
import { HpackEntry } from './hpack-entry.ts'
import { encodeHuffman, huffmanLength } from './huffman.ts'
import type { Indexing } from './indexing.ts'
import { writeInteger } from './integer.ts'
import { KnownNames, type KnownName } from './known-name.ts'
import { STATIC_SIZE } from './static-table.ts'

/** First bits and prefix of a literal (RFC 7541 section 6.2). */
const LITERAL: Readonly<Record<Indexing, readonly [first: number, bits: number]>> = {
  with: [0x40, 6],
  without: [0x00, 4],
  never: [0x10, 4],
}

/** Writes header blocks (RFC 7541). Names must be in lower case. One for each direction of a connection. */
export class HpackEncoder {
  readonly names = new KnownNames()
  readonly #table: DynamicTable
  readonly #maxTableBytes: number
  /** Number of the newest entry with this hash over name and value. */
  readonly #byField = new Map<number, number>()
  /** To be told at the beginning of the next block: the smallest size meanwhile, and the size now. */
  #smallest: number | undefined
  #scratch = new Uint8Array(256)

  constructor(maxTableBytes: number) {
    this.#maxTableBytes = maxTableBytes
    this.#table = new DynamicTable(Math.min(maxTableBytes, DEFAULT_TABLE_BYTES))
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  allow(peerTableBytes: number): void {
    const bytes = Math.min(peerTableBytes, this.#maxTableBytes)
    if (bytes === this.#table.maxBytes) return
    this.#smallest = Math.min(this.#smallest ?? Infinity, bytes)
    this.#table.resize(bytes)
  }

  /** Before the first field of each block. */
  begin(out: Output): void {
    if (this.#smallest === undefined) return
    if (this.#smallest < this.#table.maxBytes) writeInteger(out, 0x20, 5, this.#smallest)
    writeInteger(out, 0x20, 5, this.#table.maxBytes)
    this.#smallest = undefined
  }

  /** One character per byte; `never`: it came as one that no table may hold. */
  text(out: Output, name: string, value: string, never = false): void {
    const known = this.names.named(name)
    if (!never && known.value === value) {
      const index = this.#again(known)
      if (index > 0) return writeInteger(out, 0x80, 7, index)
    }
    const { length } = value
    if (length > this.#scratch.length) this.#scratch = new Uint8Array(length * 2)
    const bytes = this.#scratch
    for (let at = 0; at < length; at++) bytes[at] = value.charCodeAt(at)
    if (this.field(out, known, bytes, 0, length, never) && known.entry !== undefined) known.value = value
  }

  /** The value stands in `bytes`; `never` as in `text`. Answers whether the field stands in a table now. */
  field(out: Output, name: KnownName, bytes: Uint8Array, start: number, end: number, never = false): boolean {
    const index = never ? 0 : this.#find(name, bytes, start, end)
    if (index > 0) {
      writeInteger(out, 0x80, 7, index)
      return true
    }
    const how = never ? 'never' : this.#indexing(name, end - start)
    const nameIndex = this.#nameIndex(name)
    const [first, bits] = LITERAL[how]
    writeInteger(out, first, bits, nameIndex)
    if (nameIndex === 0) writeText(out, name.bytes, 0, name.bytes.length)
    // Random ids and the like gain little from the code, and cost both ends as much as all other fields.
    if (name.indexing === 'without') writePlain(out, bytes, start, end)
    else writeText(out, bytes, start, end)
    if (how === 'with') this.#remember(name, bytes, start, end)
    return how === 'with'
  }

  /** What hardly comes twice goes into the table once, for its name. */
  #indexing(name: KnownName, length: number): Indexing {
    const { indexing } = name
    if (indexing === 'never') return 'never'
    if (indexing === 'without' && (name.fixedIndex > 0 || this.#placeOf(name.newest) !== -1)) return 'without'
    return (name.bytes.length + length + 32) * 4 > this.#table.maxBytes * 3 ? 'without' : 'with'
  }

  /** Index of the field of that name that was last found in a table; 0: it is gone. */
  #again(name: KnownName): number {
    if (name.index > 0) return name.index
    const place = this.#placeOf(name.number)
    return place === -1 ? 0 : STATIC_SIZE + 1 + place
  }

  #find(name: KnownName, bytes: Uint8Array, start: number, end: number): number {
    if (name.entry !== undefined && hasValue(name.entry, bytes, start, end)) {
      const index = this.#again(name)
      if (index > 0) return index
    }
    for (let at = 0; at < name.fixed.length; at++) {
      const entry = name.fixed[at] as HpackEntry
      if (hasValue(entry, bytes, start, end)) return this.#found(name, entry, name.fixedIndex + at, -1)
    }
    if (name.indexing !== 'with') return 0
    const number = this.#byField.get(hashBytes(bytes, start, end, name.hash))
    const place = number === undefined ? -1 : this.#placeOf(number)
    const entry = this.#table.at(place)
    if (number === undefined || entry === undefined || !name.isOf(entry) || !hasValue(entry, bytes, start, end)) return 0
    this.#found(name, entry, 0, number)
    return STATIC_SIZE + 1 + place
  }

  #found(name: KnownName, entry: HpackEntry, index: number, number: number): number {
    // Entries that the table lets go of stay in mind here.
    name.entry = entry.bytes.length <= MAX_AGAIN_BYTES ? entry : undefined
    name.value = undefined
    name.index = index
    name.number = number
    return index
  }

  #nameIndex(name: KnownName): number {
    if (name.fixedIndex > 0) return name.fixedIndex
    const place = this.#placeOf(name.newest)
    return place === -1 ? 0 : STATIC_SIZE + 1 + place
  }

  /** Place of an entry in the dynamic table by its number; -1: it is gone, or never was. */
  #placeOf(number: number): number {
    if (number === -1) return -1
    const place = this.#table.added - 1 - number
    return place < this.#table.count ? place : -1
  }

  #remember(name: KnownName, bytes: Uint8Array, start: number, end: number): void {
    if (this.#byField.size > MAX_REMEMBERED) this.#byField.clear()
    const nameLength = name.bytes.length
    const field = new Uint8Array(nameLength + end - start)
    field.set(name.bytes)
    field.set(bytes.subarray(start, end), nameLength)
    const entry = new HpackEntry(field, nameLength)
    const number = this.#table.added
    this.#byField.set(entry.hash, number)
    this.#table.add(entry)
    name.newest = number
    this.#found(name, entry, 0, number)
  }
}

/** What both ends start with (RFC 9113 section 6.5.2). */
const DEFAULT_TABLE_BYTES = 4096
/** Hashes of entries that are long gone are forgotten beyond this. */
const MAX_REMEMBERED = 1024
/** Longer fields are looked up anew each time. */
const MAX_AGAIN_BYTES = 512

function writeText(out: Output, bytes: Uint8Array, start: number, end: number): void {
  const coded = huffmanLength(bytes, start, end)
  if (coded >= end - start) return writePlain(out, bytes, start, end)
  writeInteger(out, 0x80, 7, coded)
  encodeHuffman(bytes, start, end, out, coded)
}

function writePlain(out: Output, bytes: Uint8Array, start: number, end: number): void {
  writeInteger(out, 0, 7, end - start)
  out.reserve(end - start)
  putBytes(out, bytes, start, end)
}

function hasValue({ bytes: field, nameLength }: HpackEntry, bytes: Uint8Array, start: number, end: number): boolean {
  if (field.length - nameLength !== end - start) return false
  for (let at = start, known = nameLength; at < end; at++, known++) if (field[known] !== bytes[at]) return false
  return true
}
