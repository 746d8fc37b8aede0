import { Output } from '../h1/output.ts'
import { reasonOf } from '../h1/reasons.ts'
import type { Span } from './hpack/decoder.ts'
import { isName, type ListLimits } from './field-list.ts'
import { HeadText } from './head-text.ts'

/** What the request and its stream make of a reply. */
export interface ReplyPlace {
  /** Nothing follows the head. */
  readonly endStream: boolean
  readonly method: string
  /** Of an extended CONNECT: what it changed to if it was granted (RFC 8441). */
  readonly protocol: string | undefined
}

/** The header list of a reply as the head of an HTTP/1.1 message. */
export class ReplyText extends HeadText {
  readonly text = new Output(4096)
  #status: string | undefined
  #tellsLength = false

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.#status = undefined
    this.#tellsLength = false
  }

  /** Puts the head together; undefined when the list is no reply. 101 does not exist in HTTP/2 (RFC 9113 section 8.6). */
  finish(place: ReplyPlace): Uint8Array | undefined {
    const status = this.#status
    if (this.fault !== undefined || status === undefined || !/^[1-5]\d\d$/.test(status) || status === '101') {
      this.fault ??= 'malformed'
      return undefined
    }
    this.endLines()
    const { text } = this
    text.clear()
    if (place.protocol !== undefined && status.startsWith('2')) {
      text.text(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${place.protocol}\r\n`)
    } else text.text(`HTTP/1.1 ${status} ${reasonOf(Number(status))}\r\n`)
    text.copy(this.lines.written)
    if (this.#isEmpty(Number(status), place)) text.text('content-length: 0\r\n')
    text.text('\r\n')
    return text.written
  }

  protected override pseudo(name: string, value: string): boolean {
    if (name !== ':status' || this.#status !== undefined) return false
    this.#status = value
    return true
  }

  protected override special(name: Span): 'malformed' | undefined {
    this.#tellsLength ||= isName(name, 'content-length')
    return isName(name, 'te') ? 'malformed' : undefined
  }

  /** Its stream says that there is no body; HTTP/1.1 must be told by a length. */
  #isEmpty(status: number, { endStream, method }: ReplyPlace): boolean {
    return endStream && !this.#tellsLength && method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304
  }
}
