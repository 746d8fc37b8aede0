import { COLON, CR, FOLDED_TOKEN, HT, LF, SP, VALUE } from './characters.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { hashStep, nameIdOf, type NameId } from './names.ts'

/** A reader's answers besides a position: more bytes are needed; the bytes are refused, `error` tells why. */
export const MORE = -1
export const BAD = -2

const FIELDS = 4

/** Header lines as offsets into the bytes of their message, relative to where the message begins. */
export class FieldLines {
  /** Those that were received, and behind them those that edits added. */
  count = 0
  /** How many were received. */
  received = 0
  /** Four per line: name start, name end, value start, value end. */
  offsets: Int32Array = new Int32Array(16 * FIELDS)
  ids: Uint8Array = new Uint8Array(16)
  /** 1 for a line that an edit took out. */
  dropped: Uint8Array = new Uint8Array(16)
  error: H1ErrorCode | undefined
  readonly #maxLines: number
  /** Of a line that is not complete: what was being read, and where. */
  #part: 'start' | 'name' | 'blank' | 'value' | 'end' = 'start'
  #at = 0
  #hash = 0
  #nameEnd = 0
  #valueStart = 0
  #lineStart = 0
  /** A bit for each well-known name that a line has, or had. */
  #low = 0
  #high = 0

  constructor(maxLines: number) {
    this.#maxLines = maxLines
  }

  clear(): void {
    this.count = 0
    this.received = 0
    this.#low = 0
    this.#high = 0
    this.error = undefined
    this.#part = 'start'
  }

  /** False: no line has this name. */
  mayHold(id: NameId): boolean {
    return id === 0 || ((id < 32 ? this.#low : this.#high) & (1 << id)) !== 0
  }

  /** Adds a line `name: value` that ends before `valueEnd`, behind those that were received; however many there are. */
  append(id: NameId, nameStart: number, nameEnd: number, valueEnd: number): void {
    this.#put(id, nameStart, nameEnd, nameEnd + 2, valueEnd)
  }

  nameStart(line: number): number {
    return this.offsets[line * FIELDS] as number
  }

  nameEnd(line: number): number {
    return this.offsets[line * FIELDS + 1] as number
  }

  valueStart(line: number): number {
    return this.offsets[line * FIELDS + 2] as number
  }

  valueEnd(line: number): number {
    return this.offsets[line * FIELDS + 3] as number
  }

  /**
   * Reads lines up to and with the empty one. `source[base]` is where the message begins, `from` where reading starts unless
   * a line was left incomplete. Answers the position behind the empty line, `MORE` or `BAD`.
   */
  read(source: Uint8Array, base: number, from: number, end: number): number {
    let at = from
    for (;;) {
      if (this.#part === 'start') {
        this.#lineStart = at - base
        if (at >= end) return MORE
        if (source[at] === CR) {
          if (at + 1 >= end) return MORE
          return source[at + 1] === LF ? at + 2 : this.#fail('bad-line-end')
        }
      }
      at = this.#line(source, base, at, end)
      if (at < 0) return at
    }
  }

  /** Where reading goes on when more bytes are there: only the incomplete line's own state is needed. */
  get resumeAt(): number {
    return this.#part === 'start' ? this.#lineStart : this.#at
  }

  #line(source: Uint8Array, base: number, from: number, end: number): number {
    let at = from
    if (this.#part === 'start') {
      if (source[at] === SP || source[at] === HT) return this.#fail('folded-header')
      if (this.count === this.#maxLines) return this.#fail('too-many-headers')
      this.#hash = 0
      this.#part = 'name'
    }
    if (this.#part === 'name') {
      let hash = this.#hash
      let code = 0
      while (at < end && (code = FOLDED_TOKEN[source[at] as number] as number) !== 0) {
        hash = hashStep(hash, code)
        at++
      }
      this.#hash = hash
      if (at === end) return this.#more(at - base)
      if (source[at] !== COLON || at - base === this.#lineStart) return this.#fail('bad-header-name')
      this.#nameEnd = at - base
      this.#part = 'blank'
      at++
    }
    if (this.#part === 'blank') {
      while (at < end && (source[at] === SP || source[at] === HT)) at++
      if (at === end) return this.#more(at - base)
      this.#valueStart = at - base
      this.#part = 'value'
    }
    if (this.#part === 'value') {
      while (at < end && VALUE[source[at] as number] !== 0) at++
      if (at === end) return this.#more(at - base)
      if (source[at] !== CR) return this.#fail(source[at] === LF ? 'bad-line-end' : 'bad-header-value')
      this.#part = 'end'
    }
    if (at + 1 >= end) return this.#more(at - base)
    if (source[at + 1] !== LF) return this.#fail('bad-line-end')
    this.#add(source, base, at)
    this.#part = 'start'
    return at + 2
  }

  #add(source: Uint8Array, base: number, lineEnd: number): void {
    let valueEnd = lineEnd
    const valueStart = base + this.#valueStart
    while (valueEnd > valueStart && (source[valueEnd - 1] === SP || source[valueEnd - 1] === HT)) valueEnd--
    const lineStart = this.#lineStart
    const nameEnd = this.#nameEnd
    const id = nameIdOf(source, base + lineStart, base + nameEnd, this.#hash)
    this.#put(id, lineStart, nameEnd, this.#valueStart, valueEnd - base)
    this.received = this.count
  }

  #put(id: NameId, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const line = this.count
    if (line === this.ids.length) this.#grow()
    const { offsets } = this
    const slot = line * FIELDS
    offsets[slot] = nameStart
    offsets[slot + 1] = nameEnd
    offsets[slot + 2] = valueStart
    offsets[slot + 3] = valueEnd
    this.ids[line] = id
    this.dropped[line] = 0
    this.count = line + 1
    if (id < 32) this.#low |= 1 << id
    else this.#high |= 1 << id
  }

  #more(at: number): number {
    this.#at = at
    return MORE
  }

  #fail(code: H1ErrorCode): number {
    this.error = code
    return BAD
  }

  #grow(): void {
    const lines = this.ids.length * 2
    this.offsets = grown(new Int32Array(lines * FIELDS), this.offsets)
    this.ids = grown(new Uint8Array(lines), this.ids)
    this.dropped = grown(new Uint8Array(lines), this.dropped)
  }
}

function grown<A extends Int32Array | Uint8Array>(to: A, from: A): A {
  to.set(from)
  return to
}
