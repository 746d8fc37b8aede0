import { isNameText, isValueText } from './field-text.ts'
import { FieldLines } from './field-lines.ts'
import { ID_CONTENT_LENGTH, ID_TRANSFER_ENCODING, NAMES_BYTES, nameId, type NameId } from './names.ts'
import { copyShort, equalsFolded, roomFor, textOf, writeText } from './text.ts'

const FIRST_BYTES = 1024
/** A buffer that had to grow beyond this is given back when the next message begins. */
const KEPT_BYTES = 8 * 1024

/**
 * The header lines of a message as bytes with an offset table over them: those that were received, and behind them those that edits add.
 * Names asked for are lower-case. Values are strings of one character per byte.
 */
export class HeadFields {
  /** The message begins at 0. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES)
  /** Bytes received; edits stand where the empty line did. */
  length = 0
  readonly lines: FieldLines
  /** Behind the last edit; 0: there is none. */
  #editsEnd = 0

  constructor(maxLines: number) {
    this.lines = new FieldLines(maxLines)
  }

  clear(): void {
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(FIRST_BYTES)
    this.length = 0
    this.#editsEnd = 0
    this.lines.clear()
  }

  /** Behind the last header line, the empty one left out. */
  get linesEnd(): number {
    return this.#editsEnd === 0 ? this.length - 2 : this.#editsEnd
  }

  /** All values of a header joined by `, `; undefined when it is absent. */
  header(name: string): string | undefined {
    const id = nameId(name)
    const { lines } = this
    if (!lines.mayHold(id)) return undefined
    let value: string | undefined
    for (let line = 0; line < lines.count; line++) {
      if (lines.dropped[line] !== 0 || !this.#named(line, id, name)) continue
      value = value === undefined ? this.value(line) : value + separator(name) + this.value(line)
    }
    return value
  }

  /** The values of a header one by one. */
  values(name: string): readonly string[] {
    const id = nameId(name)
    const values: string[] = []
    const { lines } = this
    for (let line = 0; line < lines.count; line++)
      if (lines.dropped[line] === 0 && this.#named(line, id, name)) values.push(this.value(line))
    return values
  }

  has(name: string): boolean {
    return this.lineOf(name) !== -1
  }

  /** Replaces all values. Answers false, and changes nothing, when name or value may not be set in a head; framing may not. */
  set(name: string, value: string): boolean {
    const id = nameId(name)
    const count = this.lines.count
    if (!this.#append(id, name, value)) return false
    this.#drop(id, name, count)
    return true
  }

  /** Like `set`, beside the values that are there. */
  add(name: string, value: string): boolean {
    return this.#append(nameId(name), name, value)
  }

  remove(name: string): void {
    this.#drop(nameId(name), name, this.lines.count)
  }

  /** Removes each header whose name starts with this, in lower case. */
  removePrefix(prefix: string): void {
    const { lines, bytes } = this
    for (let line = 0; line < lines.count; line++) {
      const start = lines.nameStart(line)
      const end = start + prefix.length
      if (end <= lines.nameEnd(line) && equalsFolded(bytes, start, end, prefix)) lines.dropped[line] = 1
    }
  }

  /** The first line of that name that no edit took out; -1: none. */
  lineOf(name: string): number {
    const id = nameId(name)
    const { lines } = this
    if (!lines.mayHold(id)) return -1
    for (let line = 0; line < lines.count; line++) if (lines.dropped[line] === 0 && this.#named(line, id, name)) return line
    return -1
  }

  /** Name of a line, as it was sent. */
  name(line: number): string {
    return textOf(this.bytes, this.lines.nameStart(line), this.lines.nameEnd(line))
  }

  value(line: number): string {
    return textOf(this.bytes, this.lines.valueStart(line), this.lines.valueEnd(line))
  }

  /** All headers as they stand, edits included, names in lower case. */
  headers(): [name: string, value: string][] {
    const { lines } = this
    const all: [string, string][] = []
    for (let line = 0; line < lines.count; line++) {
      if (lines.dropped[line] === 0) all.push([this.name(line).toLowerCase(), this.value(line)])
    }
    return all
  }

  /** Room for so many bytes from `used` on. */
  protected reserve(used: number, size: number, maxBytes = Infinity): void {
    const needed = used + size
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, Math.min(this.bytes.length * 2, maxBytes)))
    grown.set(this.bytes.subarray(0, used))
    this.bytes = grown
  }

  /** Writes a line behind the others; it counts only when name and value may stand in a head. */
  #append(id: NameId, name: string, value: string): boolean {
    if (id === ID_CONTENT_LENGTH || id === ID_TRANSFER_ENCODING) return false
    const from = this.linesEnd
    this.reserve(from, roomFor(name) + roomFor(value) + 4)
    const { bytes } = this
    const nameEnd = id === 0 ? writeText(bytes, from, name) : from + name.length
    if (id !== 0) copyShort(NAMES_BYTES[id] as Uint8Array, bytes, from)
    else if (!isNameText(bytes, from, nameEnd)) return false
    bytes[nameEnd] = 58
    bytes[nameEnd + 1] = 32
    const end = writeText(bytes, nameEnd + 2, value)
    if (!isValueText(bytes, nameEnd + 2, end)) return false
    bytes[end] = 13
    bytes[end + 1] = 10
    this.#editsEnd = end + 2
    this.lines.append(id, from, nameEnd, end)
    return true
  }

  /** Takes out the lines of that name among the first so many. */
  #drop(id: NameId, name: string, count: number): void {
    const { lines } = this
    if (!lines.mayHold(id)) return
    for (let line = 0; line < count; line++) if (this.#named(line, id, name)) lines.dropped[line] = 1
  }

  #named(line: number, id: NameId, name: string): boolean {
    if (this.lines.ids[line] !== id) return false
    return id !== 0 || equalsFolded(this.bytes, this.lines.nameStart(line), this.lines.nameEnd(line), name)
  }
}

function separator(name: string): string {
  return name === 'cookie' ? '; ' : ','
}
