import { textOf } from '../../h1/text.ts'
import { hashBytes, hashFolded } from './hash.ts'
import type { HpackEntry } from './hpack-entry.ts'
import { indexingOf, type Indexing } from './indexing.ts'
import { STATIC_ENTRIES } from './static-table.ts'

/** A field name that an encoder has written, and what it knows of it. */
export class KnownName {
  /** In lower case. */
  readonly bytes: Uint8Array
  readonly text: string
  readonly hash: number
  readonly indexing: Indexing
  /** Its entries in the static table, and the index of the first one; 0: there are none. */
  readonly fixed: readonly HpackEntry[]
  readonly fixedIndex: number
  /** Number of the newest entry with this name in the dynamic table; -1: there was none. */
  newest = -1
  /** The field that was last found in a table: its entry there, its value as whoever gave it as text gave it, and where it stands. */
  entry: HpackEntry | undefined
  value: string | undefined
  /** In the static table; 0: in the dynamic one, by its number. */
  index = 0
  number = -1

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.text = textOf(bytes, 0, bytes.length)
    this.hash = hashBytes(bytes, 0, bytes.length)
    this.indexing = indexingOf(this.text)
    this.fixedIndex = FIRST_INDEX.get(this.text) ?? 0
    this.fixed = STATIC_ENTRIES.filter((entry) => this.isOf(entry))
  }

  isOf({ bytes, nameLength }: HpackEntry): boolean {
    return nameLength === this.bytes.length && isFolded(bytes, 0, this.bytes)
  }
}

/** The names that an encoder has written, by text and by bytes. */
export class KnownNames {
  readonly #byText = new Map<string, KnownName>()
  readonly #byHash = new Map<number, KnownName>()

  /** A name in lower case, one character per byte. */
  named(text: string): KnownName {
    return this.#byText.get(text) ?? this.#learn(Uint8Array.from(text, (character) => character.charCodeAt(0)))
  }

  /** A name in any case. */
  in(bytes: Uint8Array, start: number, end: number): KnownName {
    const known = this.#byHash.get(hashFolded(bytes, start, end))
    if (known !== undefined && known.bytes.length === end - start && isFolded(bytes, start, known.bytes)) return known
    return this.#learn(Uint8Array.from(bytes.subarray(start, end), folded))
  }

  /** Names can be made up without end; whoever does so makes this forget. */
  #learn(bytes: Uint8Array): KnownName {
    if (this.#byText.size >= MAX_NAMES) {
      this.#byText.clear()
      this.#byHash.clear()
    }
    const known = new KnownName(bytes)
    this.#byText.set(known.text, known)
    this.#byHash.set(known.hash, known)
    return known
  }
}

const MAX_NAMES = 128

const FIRST_INDEX = new Map(
  STATIC_ENTRIES.map(({ bytes, nameLength }, place) => [textOf(bytes, 0, nameLength), place + 1] as const).reverse(),
)

/** Whether the bytes at `start` are `lower`, in any case. */
function isFolded(bytes: Uint8Array, start: number, lower: Uint8Array): boolean {
  for (let at = 0; at < lower.length; at++) if (folded(bytes[start + at] as number) !== lower[at]) return false
  return true
}

function folded(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
}
