import { reasonOf } from '../h1/reasons.ts'
import { KIND } from './field-kind.ts'
import type { ListLimits } from './field-list.ts'
import { HeadText } from './head-text.ts'
import type { DecodedField } from './hpack/decoded-field.ts'

/** The header list of a reply as the head of an HTTP/1.1 message. */
export class ReplyText extends HeadText {
  /** 0: there was none; -1: it is none. */
  #status = 0
  #protocol: string | undefined
  #tellsLength = false

  /** `protocol` is that of an extended CONNECT. */
  beginReply(limits: ListLimits, protocol: string | undefined): void {
    this.begin(limits)
    this.#protocol = protocol
  }

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.#status = 0
    this.#protocol = undefined
    this.#tellsLength = false
  }

  /** Puts the head together; false when the list is no reply. 101 does not exist in HTTP/2 (RFC 9113 section 8.6). */
  finish(endStream: boolean, method: string): boolean {
    if (this.fault !== undefined || this.#status <= 0 || this.#status === 101) {
      this.fault ??= 'malformed'
      return false
    }
    this.endLines()
    if (this.#isEmpty(endStream, method)) this.text.text('content-length: 0\r\n')
    this.text.text('\r\n')
    return true
  }

  protected override start(): void {
    const status = Math.max(0, this.#status)
    if (this.#protocol !== undefined && status >= 200 && status < 300)
      this.text.text(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${this.#protocol}\r\n`)
    else this.text.copy((STATUS_LINES[status] ??= encoder.encode(`HTTP/1.1 ${status} ${reasonOf(status)}\r\n`)))
  }

  protected override pseudo(kind: number, { value }: DecodedField): boolean {
    if (kind !== KIND.status || this.#status !== 0) return false
    this.#status = statusOf(value.bytes, value.start, value.end)
    return true
  }

  protected override special(kind: number): 'malformed' | undefined {
    if (kind === KIND.contentLength) this.#tellsLength = true
    return kind === KIND.te ? 'malformed' : undefined
  }

  /** Its stream says that there is no body; HTTP/1.1 must be told by a length. */
  #isEmpty(endStream: boolean, method: string): boolean {
    const status = this.#status
    return endStream && !this.#tellsLength && method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304
  }
}

const encoder = new TextEncoder()
const STATUS_LINES: (Uint8Array | undefined)[] = Array.from({ length: 600 })

/** Three digits, the first of them from 1 to 5; -1: something else. */
function statusOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 3) return -1
  let status = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) return -1
    status = status * 10 + digit
  }
  return status >= 100 && status < 600 ? status : -1
}
