import type { H1Limits } from '../limits.ts'
import { BAD, FieldLines, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { ID_CONTENT_LENGTH, ID_HOST, ID_TRANSFER_ENCODING } from './names.ts'
import { textOf } from './text.ts'

/** The lines behind the last chunk; kept together until they are complete. */
export class Trailers {
  fields: readonly (readonly [name: string, value: string])[] = []
  error: H1ErrorCode | undefined
  readonly #lines: FieldLines
  readonly #maxBytes: number
  #bytes = new Uint8Array(0)

  constructor(limits: H1Limits) {
    this.#lines = new FieldLines(limits.maxHeaders)
    this.#maxBytes = limits.maxTrailerBytes
  }

  read(source: Uint8Array, from: number, end: number): number {
    const before = this.#bytes.length
    const taken = Math.min(end, from + this.#maxBytes - before)
    const bytes = new Uint8Array(before + taken - from)
    bytes.set(this.#bytes)
    bytes.set(source.subarray(from, taken), before)
    this.#bytes = bytes
    const at = this.#lines.read(bytes, 0, this.#lines.resumeAt, bytes.length)
    if (at === BAD) return this.#fail(this.#lines.error ?? 'bad-line-end')
    if (at === MORE) return bytes.length === this.#maxBytes ? this.#fail('trailer-too-large') : MORE
    if (this.#lines.ids.subarray(0, this.#lines.count).some(isForbidden)) return this.#fail('forbidden-trailer')
    this.fields = this.#told(bytes)
    return from + at - before
  }

  #told(bytes: Uint8Array): [string, string][] {
    const lines = this.#lines
    return Array.from({ length: lines.count }, (_, line) => [
      textOf(bytes, lines.nameStart(line), lines.nameEnd(line)).toLowerCase(),
      textOf(bytes, lines.valueStart(line), lines.valueEnd(line)),
    ])
  }

  #fail(code: H1ErrorCode): number {
    this.error = code
    return BAD
  }
}

function isForbidden(id: number): boolean {
  return id === ID_CONTENT_LENGTH || id === ID_TRANSFER_ENCODING || id === ID_HOST
}
