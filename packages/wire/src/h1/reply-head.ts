import { CR, LF, SP, VALUE } from './characters.ts'
import { MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { MessageHead } from './message-head.ts'
import type { Output } from './output.ts'
import { readFraming } from './read-framing.ts'
import { equalsExactly, textOf } from './text.ts'

/** The head of a reply. */
export class ReplyHead extends MessageHead {
  status = 0
  /** Offsets of the reason phrase; it may be empty. */
  reasonStart = 0
  reasonEnd = 0
  /** The method that this answers, as it decides about the body. */
  requestMethod = 'GET'
  #part: 'start' | 'reason' = 'start'
  #at = 0

  get reason(): string {
    return textOf(this.bytes, this.reasonStart, this.reasonEnd)
  }

  /** A 1xx head other than 101: the reply itself is still to come. */
  get interim(): boolean {
    return this.status < 200 && this.status !== 101
  }

  /** Writes the status line as it is sent on. */
  writeStatus(out: Output): void {
    // `HTTP/1.1 200 OK` as it came.
    if (this.minor === 1 && this.reasonStart === 13) return out.copy(this.bytes, 0, this.reasonEnd + 2)
    out.text(`HTTP/1.1 ${this.status} `)
    out.copy(this.bytes, this.reasonStart, this.reasonEnd)
    out.text('\r\n')
  }

  override clear(): void {
    super.clear()
    this.#part = 'start'
  }

  protected get startLineResumeAt(): number {
    return this.#at
  }

  protected startLine(source: Uint8Array, base: number, from: number, end: number): number {
    let at = from
    if (this.#part === 'start') {
      if (at + 13 > end) return this.#more(at - base)
      if (!this.#prefix(source, at)) return this.fail('bad-status-line')
      at += 12
      if (source[at] === SP) at++
      else if (source[at] !== CR) return this.fail('bad-status-line')
      this.reasonStart = at - base
      this.#part = 'reason'
    }
    while (at < end && VALUE[source[at] as number] !== 0) at++
    if (at === end || (source[at] === CR && at + 1 === end)) return this.#more(at - base)
    if (source[at] !== CR || source[at + 1] !== LF) return this.fail('bad-status-line')
    this.reasonEnd = at - base
    return at + 2
  }

  protected finish(source: Uint8Array, base: number): H1ErrorCode | undefined {
    const error = readFraming(this, source, base)
    if (error !== undefined) return error
    this.readConnection(source, base)
    if (this.status === 101 || (this.requestMethod === 'CONNECT' && this.status >= 200 && this.status < 300)) this.framing = 'raw'
    else if (this.requestMethod === 'HEAD' || this.status < 200 || this.status === 204 || this.status === 304) this.framing = 'none'
    else if (this.framing === 'none') this.framing = 'close'
    if (this.framing === 'close' || this.framing === 'raw') this.keepAlive = false
    return undefined
  }

  /** `HTTP/1.x NNN` */
  #prefix(source: Uint8Array, at: number): boolean {
    const minor = (source[at + 7] as number) - 48
    if (!equalsExactly(source, at, at + 7, 'HTTP/1.') || (minor !== 0 && minor !== 1) || source[at + 8] !== SP) return false
    let status = 0
    for (let digit = at + 9; digit < at + 12; digit++) {
      const value = (source[digit] as number) - 48
      if (value < 0 || value > 9) return false
      status = status * 10 + value
    }
    this.minor = minor
    this.status = status
    return status >= 100 && status < 600
  }

  #more(at: number): number {
    this.#at = at
    return MORE
  }
}
