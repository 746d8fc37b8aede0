import type { HeadLimits } from '../limits.ts'
import { BAD, FieldLines, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { ID_CONNECTION, ID_CONTENT_LENGTH, ID_TRANSFER_ENCODING, nameId } from './names.ts'
import { equalsFolded, textOf } from './text.ts'

/** How the end of a body is known. */
export type Framing = 'none' | 'length' | 'chunked' | 'close' | 'raw'

const FIRST_BYTES = 1024
/** A buffer that had to grow beyond this is given back when the next message begins. */
const KEPT_BYTES = 8 * 1024

/**
 * The head of a message: its bytes in a buffer of its own, an offset table over them, and the edits made since.
 * Names asked for are lower-case. Values are strings of one character per byte. One head serves message after message.
 */
export abstract class MessageHead {
  /** Valid up to `length`; the message begins at 0. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES)
  length = 0
  readonly lines: FieldLines
  /** Added by edits, in order: name, value, name, value. */
  readonly added: string[] = []
  /** HTTP minor version of the sender. */
  minor = 1
  /** It came over HTTP/2. */
  h2 = false
  /** Names, in lower case, of fields that came over HTTP/2 as ones that no table may hold (RFC 7541 section 6.2.3). */
  neverIndexed: ReadonlySet<string> | undefined
  framing: Framing = 'none'
  /** With framing `length`. */
  contentLength = 0
  /** Whether the sender lets the connection live on. */
  keepAlive = true
  /** The Connection header asks to change protocols; `header('upgrade')` names it. */
  upgrade = false
  /** Position in the last chunk behind the head. */
  next = 0
  error: H1ErrorCode | undefined
  readonly #limits: HeadLimits
  #startLineRead = false
  #resumeAt = 0

  constructor(limits: HeadLimits) {
    this.#limits = limits
    this.lines = new FieldLines(limits.maxHeaders)
  }

  /** Whether bytes of a head were read that is not complete yet. */
  get begun(): boolean {
    return this.length > 0
  }

  clear(): void {
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(FIRST_BYTES)
    this.length = 0
    this.lines.clear()
    this.added.length = 0
    this.error = undefined
    this.neverIndexed = undefined
    this.#startLineRead = false
    this.#resumeAt = 0
  }

  /** Takes bytes of the head; answers `MORE`, `BAD` (see `error`) or the position behind the head in `chunk`. */
  read(chunk: Uint8Array, from: number, end: number): number {
    const { maxHeadBytes } = this.#limits
    if (this.length === 0) {
      const reach = Math.min(end, from + maxHeadBytes)
      const at = this.#scan(chunk, from, reach)
      if (at === BAD) return BAD
      if (at === MORE && reach - from === maxHeadBytes) return this.fail('head-too-large')
      this.#keep(chunk, from, at === MORE ? reach : at)
      return at
    }
    const before = this.length
    this.#keep(chunk, from, Math.min(end, from + maxHeadBytes - before))
    const at = this.#scan(this.bytes, 0, this.length)
    if (at === BAD) return BAD
    if (at === MORE) return this.length === maxHeadBytes ? this.fail('head-too-large') : MORE
    this.length = at
    return from + at - before
  }

  /** All values of a header joined by `, `; undefined when it is absent. */
  header(name: string): string | undefined {
    const id = nameId(name)
    let value: string | undefined
    const { lines, added } = this
    for (let line = 0; line < lines.count; line++) {
      if (lines.dropped[line] !== 0 || !this.#named(line, id, name)) continue
      value = value === undefined ? this.value(line) : value + separator(name) + this.value(line)
    }
    for (let at = 0; at < added.length; at += 2) {
      if (added[at] === name) value = value === undefined ? added[at + 1] : `${value}${separator(name)}${added[at + 1]}`
    }
    return value
  }

  /** The values of a header one by one. */
  values(name: string): readonly string[] {
    const id = nameId(name)
    const values: string[] = []
    const { lines, added } = this
    for (let line = 0; line < lines.count; line++)
      if (lines.dropped[line] === 0 && this.#named(line, id, name)) values.push(this.value(line))
    for (let at = 0; at < added.length; at += 2) if (added[at] === name) values.push(added[at + 1] as string)
    return values
  }

  has(name: string): boolean {
    return this.lineOf(name) !== -1 || this.#addedAt(name) !== -1
  }

  /** Replaces all values. Answers false, and changes nothing, when name or value may not be set in a head; framing may not. */
  set(name: string, value: string): boolean {
    if (!isSettable(name, value)) return false
    this.remove(name)
    this.added.push(name, value)
    return true
  }

  /** Like `set`, beside the values that are there. */
  add(name: string, value: string): boolean {
    if (!isSettable(name, value)) return false
    this.added.push(name, value)
    return true
  }

  remove(name: string): void {
    const id = nameId(name)
    const { lines, added } = this
    for (let line = 0; line < lines.count; line++) if (this.#named(line, id, name)) lines.dropped[line] = 1
    for (let at = added.length - 2; at >= 0; at -= 2) if (added[at] === name) added.splice(at, 2)
  }

  /** Removes each header whose name starts with this, in lower case. */
  removePrefix(prefix: string): void {
    const { lines, added, bytes } = this
    for (let line = 0; line < lines.count; line++) {
      const start = lines.nameStart(line)
      const end = start + prefix.length
      if (end <= lines.nameEnd(line) && equalsFolded(bytes, start, end, prefix)) lines.dropped[line] = 1
    }
    for (let at = added.length - 2; at >= 0; at -= 2) if (added[at]?.startsWith(prefix) === true) added.splice(at, 2)
  }

  /** The first line of that name that no edit took out; -1: none. */
  lineOf(name: string): number {
    const id = nameId(name)
    const { lines } = this
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
    const { lines, added } = this
    const all: [string, string][] = []
    for (let line = 0; line < lines.count; line++) {
      if (lines.dropped[line] === 0) all.push([this.name(line).toLowerCase(), this.value(line)])
    }
    for (let at = 0; at < added.length; at += 2) all.push([added[at] as string, added[at + 1] as string])
    return all
  }

  /** Edits so far, to return to before another try. */
  mark(): HeadMark {
    return { dropped: this.lines.dropped.slice(0, this.lines.count), added: this.added.slice() }
  }

  restore(mark: HeadMark): void {
    this.lines.dropped.set(mark.dropped)
    this.added.length = 0
    for (const text of mark.added) this.added.push(text)
  }

  /** Reads the first line; answers like `read`. Called again from `#resumeAt` when bytes were missing. */
  protected abstract startLine(source: Uint8Array, base: number, from: number, end: number): number
  /** Where `startLine` goes on, relative to the message. */
  protected abstract readonly startLineResumeAt: number
  /** The head is whole: derive framing and connection rules. */
  protected abstract finish(source: Uint8Array, base: number): H1ErrorCode | undefined

  protected fail(code: H1ErrorCode): number {
    this.error = code
    return BAD
  }

  /** Reads the tokens of all Connection headers. */
  protected readConnection(source: Uint8Array, base: number): void {
    const { lines } = this
    this.keepAlive = this.minor === 1
    this.upgrade = false
    for (let line = 0; line < lines.count; line++) {
      if (lines.ids[line] !== ID_CONNECTION) continue
      eachToken(source, base + lines.valueStart(line), base + lines.valueEnd(line), (start, end) => {
        if (equalsFolded(source, start, end, 'close')) this.keepAlive = false
        else if (equalsFolded(source, start, end, 'keep-alive')) this.keepAlive ||= this.minor === 0
        else if (equalsFolded(source, start, end, 'upgrade')) this.upgrade = true
      })
    }
  }

  #scan(source: Uint8Array, base: number, end: number): number {
    let at = base + this.#resumeAt
    if (!this.#startLineRead) {
      at = this.startLine(source, base, at, end)
      if (at === MORE) this.#resumeAt = this.startLineResumeAt
      if (at < 0) return at
      this.#startLineRead = true
    }
    at = this.lines.read(source, base, at, end)
    if (at === MORE) this.#resumeAt = this.lines.resumeAt
    if (at === BAD) return this.fail(this.lines.error ?? 'bad-line-end')
    if (at < 0) return at
    const error = this.finish(source, base)
    return error === undefined ? at : this.fail(error)
  }

  #keep(chunk: Uint8Array, from: number, end: number): void {
    const needed = this.length + end - from
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, Math.min(this.bytes.length * 2, this.#limits.maxHeadBytes)))
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    this.bytes.set(chunk.subarray(from, end), this.length)
    this.length = needed
  }

  #named(line: number, id: number, name: string): boolean {
    if (id !== 0) return this.lines.ids[line] === id
    return this.lines.ids[line] === 0 && equalsFolded(this.bytes, this.lines.nameStart(line), this.lines.nameEnd(line), name)
  }

  #addedAt(name: string): number {
    for (let at = 0; at < this.added.length; at += 2) if (this.added[at] === name) return at
    return -1
  }
}

/** Edits of a head at one moment. */
export interface HeadMark {
  readonly dropped: Uint8Array
  readonly added: readonly string[]
}

/** Calls back with each token of a comma list, blanks around it cut. */
export function eachToken(bytes: Uint8Array, start: number, end: number, onToken: (start: number, end: number) => void): void {
  let from = start
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== 44) continue
    let first = from
    let last = at
    while (first < last && (bytes[first] === 32 || bytes[first] === 9)) first++
    while (last > first && (bytes[last - 1] === 32 || bytes[last - 1] === 9)) last--
    if (last > first) onToken(first, last)
    from = at + 1
  }
}

/** Whether a name may stand in a head: a token in lower case. */
export function isFieldName(name: string): boolean {
  return /^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)
}

/** Whether a value may stand in a head: no control character but the tab. */
export function isFieldValue(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return false
  }
  return true
}

function isSettable(name: string, value: string): boolean {
  const id = nameId(name)
  if (id === ID_CONTENT_LENGTH || id === ID_TRANSFER_ENCODING) return false
  return (id !== 0 || isFieldName(name)) && isFieldValue(value)
}

function separator(name: string): string {
  return name === 'cookie' ? '; ' : ','
}
