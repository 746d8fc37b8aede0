import type { HeadLimits } from '../limits.ts'
import { BAD, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { HeadFields } from './head-fields.ts'
import { ID_CONNECTION } from './names.ts'
import { equalsFolded } from './text.ts'
import { eachToken } from './tokens.ts'

/** How the end of a body is known. */
export type Framing = 'none' | 'length' | 'chunked' | 'close' | 'raw'

/** The head of a message and what it says about connection and body. One head serves message after message. */
export abstract class MessageHead extends HeadFields {
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
    super(limits.maxHeaders)
    this.#limits = limits
  }

  /** Whether bytes of a head were read that is not complete yet. */
  get begun(): boolean {
    return this.length > 0
  }

  override clear(): void {
    super.clear()
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
    if (!lines.mayHold(ID_CONNECTION)) return
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
    const { length } = this
    this.reserve(length, end - from, this.#limits.maxHeadBytes)
    this.bytes.set(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end), length)
    this.length = length + end - from
  }
}
