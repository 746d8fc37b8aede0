import type { Output } from '../../h1/output.ts'
import { DynamicTable } from './dynamic-table.ts'
import { hashBytes } from './hash.ts'
import { HpackEntry } from './hpack-entry.ts'
import { encodeHuffman, huffmanLength } from './huffman.ts'
import { indexingOf, type Indexing } from './indexing.ts'
import { writeInteger } from './integer.ts'
import { STATIC_ENTRIES, STATIC_SIZE } from './static-table.ts'

/** First bits and prefix of a literal (RFC 7541 section 6.2). */
const LITERAL: Readonly<Record<Indexing, readonly [first: number, bits: number]>> = {
  with: [0x40, 6],
  without: [0x00, 4],
  never: [0x10, 4],
}

/** Writes header blocks (RFC 7541). Names must be in lower case. One for each direction of a connection. */
export class HpackEncoder {
  readonly #table: DynamicTable
  readonly #maxTableBytes: number
  /** Number of the newest entry with this hash over name and value, and over the name. */
  readonly #byField = new Map<number, number>()
  readonly #byName = new Map<number, number>()
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

  /** One character per byte; `never` as in `field`. */
  text(out: Output, name: string, value: string, never = false): void {
    const length = name.length + value.length
    if (length > this.#scratch.length) this.#scratch = new Uint8Array(length * 2)
    const bytes = this.#scratch
    for (let at = 0; at < name.length; at++) bytes[at] = name.charCodeAt(at)
    for (let at = 0; at < value.length; at++) bytes[name.length + at] = value.charCodeAt(at)
    this.field(out, bytes, name.length, length, never)
  }

  /** Name and value behind each other in `bytes`; `never`: it came as one that no table may hold. */
  field(out: Output, bytes: Uint8Array, nameLength: number, length: number, never = false): void {
    const nameHash = hashBytes(bytes, 0, nameLength)
    const hash = hashBytes(bytes, nameLength, length, nameHash)
    const index = never ? 0 : this.#find(bytes, nameLength, length, hash)
    if (index > 0) return writeInteger(out, 0x80, 7, index)
    const size = length + 32
    const indexing = never ? 'never' : indexingOf(bytes, nameLength, nameHash)
    const how = indexing === 'with' && size * 4 > this.#table.maxBytes * 3 ? 'without' : indexing
    const [first, bits] = LITERAL[how]
    const nameIndex = this.#findName(bytes, nameLength, nameHash)
    writeInteger(out, first, bits, nameIndex)
    if (nameIndex === 0) writeText(out, bytes, 0, nameLength)
    writeText(out, bytes, nameLength, length)
    if (how === 'with') this.#remember(new HpackEntry(bytes.slice(0, length), nameLength))
  }

  #find(bytes: Uint8Array, nameLength: number, length: number, hash: number): number {
    const fixed = STATIC_BY_FIELD.get(hash)
    if (fixed !== undefined && isField(STATIC_ENTRIES[fixed - 1], bytes, nameLength, length)) return fixed
    const place = this.#placeOf(this.#byField.get(hash))
    return isField(this.#table.at(place), bytes, nameLength, length) ? STATIC_SIZE + 1 + place : 0
  }

  #findName(bytes: Uint8Array, nameLength: number, nameHash: number): number {
    const fixed = STATIC_BY_NAME.get(nameHash)
    if (fixed !== undefined && hasName(STATIC_ENTRIES[fixed - 1], bytes, nameLength)) return fixed
    const place = this.#placeOf(this.#byName.get(nameHash))
    return hasName(this.#table.at(place), bytes, nameLength) ? STATIC_SIZE + 1 + place : 0
  }

  #placeOf(number: number | undefined): number {
    return number === undefined ? -1 : this.#table.added - 1 - number
  }

  #remember(entry: HpackEntry): void {
    if (this.#byField.size > MAX_REMEMBERED) {
      this.#byField.clear()
      this.#byName.clear()
    }
    this.#byField.set(entry.hash, this.#table.added)
    this.#byName.set(entry.nameHash, this.#table.added)
    this.#table.add(entry)
  }
}

/** What both ends start with (RFC 9113 section 6.5.2). */
const DEFAULT_TABLE_BYTES = 4096
/** Hashes of entries that are long gone are forgotten beyond this. */
const MAX_REMEMBERED = 1024

const STATIC_BY_FIELD = new Map(STATIC_ENTRIES.map((entry, place) => [entry.hash, place + 1] as const).reverse())
const STATIC_BY_NAME = new Map(STATIC_ENTRIES.map((entry, place) => [entry.nameHash, place + 1] as const).reverse())

function writeText(out: Output, bytes: Uint8Array, start: number, end: number): void {
  const coded = huffmanLength(bytes, start, end)
  if (coded < end - start) {
    writeInteger(out, 0x80, 7, coded)
    encodeHuffman(bytes, start, end, out)
  } else {
    writeInteger(out, 0, 7, end - start)
    out.copy(bytes, start, end)
  }
}

function isField(entry: HpackEntry | undefined, bytes: Uint8Array, nameLength: number, length: number): boolean {
  return entry !== undefined && entry.nameLength === nameLength && entry.bytes.length === length && begins(entry.bytes, bytes, length)
}

function hasName(entry: HpackEntry | undefined, bytes: Uint8Array, nameLength: number): boolean {
  return entry !== undefined && entry.nameLength === nameLength && begins(entry.bytes, bytes, nameLength)
}

function begins(known: Uint8Array, bytes: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (known[at] !== bytes[at]) return false
  return true
}
