import type { H1Limits } from '../limits.ts'
import { ChunkedBody, DATA, DONE } from './chunked-body.ts'
import { BAD, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import type { Framing } from './message-head.ts'

/** The body of one message after another, by whatever framing. Answers as `ChunkedBody` does. */
export class Body {
  dataStart = 0
  dataEnd = 0
  next = 0
  error: H1ErrorCode | undefined
  readonly #chunked: ChunkedBody
  #framing: Framing = 'none'
  #left = 0

  constructor(limits: H1Limits) {
    this.#chunked = new ChunkedBody(limits)
  }

  get trailers(): readonly (readonly [name: string, value: string])[] {
    return this.#framing === 'chunked' ? this.#chunked.trailers : []
  }

  begin(framing: Framing, contentLength: number): void {
    this.#framing = framing
    this.#left = contentLength
    this.error = undefined
    if (framing === 'chunked') this.#chunked.clear()
  }

  read(source: Uint8Array, from: number, end: number): number {
    this.next = from
    if (this.#framing === 'chunked') return this.#readChunked(source, from, end)
    if (this.#framing === 'none' || (this.#framing === 'length' && this.#left === 0)) return DONE
    if (from >= end) return MORE
    const taken = this.#framing === 'length' ? Math.min(end - from, this.#left) : end - from
    this.#left -= taken
    this.dataStart = from
    this.dataEnd = this.next = from + taken
    return DATA
  }

  #readChunked(source: Uint8Array, from: number, end: number): number {
    const chunked = this.#chunked
    const outcome = chunked.read(source, from, end)
    if (outcome === BAD) this.error = chunked.error
    this.next = chunked.next
    this.dataStart = chunked.dataStart
    this.dataEnd = chunked.dataEnd
    return outcome
  }
}
