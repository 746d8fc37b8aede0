import type { MessageHead } from '../h1/message-head.ts'
import { ID_CONTENT_LENGTH, LAST_STEERING_ID, NAMES } from '../h1/names.ts'
import { Output } from '../h1/output.ts'
import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { tellsLength } from '../h1/write-head.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import type { TrailerField } from './trailer-fields.ts'
import { beginHeaderBlock } from './write-frames.ts'

/** Writes header lists of heads with their edits, whatever version they came in; what steers a connection stays behind. */
export class HeadWriter {
  /** Where it is written. */
  out = NOWHERE
  readonly #encoder: HpackEncoder
  /** Of the head that is being written. */
  #never: ReadonlySet<string> | undefined

  constructor(encoder: HpackEncoder) {
    this.#encoder = encoder
  }

  /** Begins a header block; answers where its frame will. */
  begin(out: Output): number {
    const start = beginHeaderBlock(out)
    this.#never = undefined
    this.out = out
    this.#encoder.begin(out)
    return start
  }

  /** `protocol` makes it an extended CONNECT (RFC 8441). */
  request(head: RequestHead, to: { readonly scheme: string; readonly trailers: boolean; readonly protocol?: string }): void {
    this.#never = head.neverIndexed
    this.#text(':method', to.protocol === undefined ? head.method : 'CONNECT')
    if (head.method !== 'CONNECT') {
      this.#text(':scheme', to.scheme)
      this.#text(':path', head.path)
    }
    this.#text(':authority', head.authority)
    if (to.protocol !== undefined) this.#text(':protocol', to.protocol)
    this.#lines(head, head.framing === 'length')
    if (to.trailers) this.#text('te', 'trailers')
  }

  reply(head: ReplyHead): void {
    this.#never = head.neverIndexed
    // Switching protocols is a plain 200 to an extended CONNECT.
    this.#text(':status', String(head.status === 101 ? 200 : head.status))
    this.#lines(head, head.framing === 'length' || tellsLength(head))
  }

  /** A reply that was made here; names in lower case. */
  ownReply(status: number, headers: readonly (readonly [name: string, value: string])[]): void {
    this.#text(':status', String(status))
    for (const [name, value] of headers) this.#text(name, value)
  }

  trailers(fields: readonly TrailerField[]): void {
    for (const [name, value, never] of fields) this.#encoder.text(this.out, name, value, never)
  }

  #text(name: string, value: string): void {
    this.#encoder.text(this.out, name, value, this.#isNever(name))
  }

  #isNever(name: string): boolean {
    return this.#never?.has(name) === true
  }

  #lines(head: MessageHead, withLength: boolean): void {
    const { lines } = head
    for (let line = 0; line < lines.count; line++) {
      const id = lines.ids[line] as number
      const kept = lines.dropped[line] === 0 && (id === 0 || id > LAST_STEERING_ID || (withLength && id === ID_CONTENT_LENGTH))
      if (kept) this.#line(head, line)
    }
  }

  #line({ bytes, lines }: MessageHead, line: number): void {
    const { names } = this.#encoder
    const id = lines.ids[line] as number
    const name = id === 0 ? names.in(bytes, lines.nameStart(line), lines.nameEnd(line)) : names.named(NAMES[id] as string)
    this.#encoder.field(this.out, name, bytes, lines.valueStart(line), lines.valueEnd(line), this.#isNever(name.text))
  }
}

/** Before anything is written. */
const NOWHERE = new Output(0)
