import type { H1Limits } from '../limits.ts'
import { CR, FOLDED_TOKEN, HEX, HT, LF, SP, VALUE } from './characters.ts'
import { BAD, FieldLines, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { ID_CONTENT_LENGTH, ID_HOST, ID_TRANSFER_ENCODING } from './names.ts'
import { textOf } from './text.ts'

/** Thirteen hexadecimal digits stay below 2^53. */
const MAX_SIZE_DIGITS = 13

type Part = 'size' | 'extension' | 'quoted' | 'escaped' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers'

/** A chunked body (RFC 9112 section 7.1), read piece by piece. */
export class ChunkedBody {
  /** After `read` answered `DATA`: the payload in the chunk that was handed in. */
  dataStart = 0
  dataEnd = 0
  /** Position in that chunk behind what was read. */
  next = 0
  error: H1ErrorCode | undefined
  readonly #limits: H1Limits
  #part: Part = 'size'
  #left = 0
  #digits = 0
  #extensionBytes = 0
  /** Whether an extension's name or value may end here. */
  #extensionOpen = false
  #trailers: Trailers | undefined

  constructor(limits: H1Limits) {
    this.#limits = limits
  }

  /** Trailers of the last body, names in lower case. */
  get trailers(): readonly (readonly [name: string, value: string])[] {
    return this.#trailers?.fields ?? []
  }

  clear(): void {
    this.#part = 'size'
    this.#left = this.#digits = this.#extensionBytes = 0
    this.#trailers = undefined
    this.error = undefined
  }

  /** Answers `DATA`, `DONE`, `MORE` or `BAD`. */
  read(source: Uint8Array, from: number, end: number): number {
    let at = from
    while (at < end) {
      if (this.#part === 'data') return this.#data(at, end)
      if (this.#part === 'trailers') return this.#readTrailers(source, at, end)
      const error = this.#control(source[at] as number)
      if (error !== undefined) {
        this.error = error
        return BAD
      }
      at++
    }
    this.next = at
    return MORE
  }

  #data(at: number, end: number): number {
    const taken = Math.min(end - at, this.#left)
    this.#left -= taken
    if (this.#left === 0) this.#part = 'data-cr'
    this.dataStart = at
    this.dataEnd = this.next = at + taken
    return DATA
  }

  #control(code: number): H1ErrorCode | undefined {
    switch (this.#part) {
      case 'size':
        return this.#size(code)
      case 'extension':
        return this.#extension(code)
      case 'quoted':
        if (code === QUOTE) this.#part = 'extension'
        else if (code === BACKSLASH) this.#part = 'escaped'
        else if (VALUE[code] === 0) return 'bad-chunk-extension'
        return this.#countExtension()
      case 'escaped':
        this.#part = 'quoted'
        return VALUE[code] === 0 ? 'bad-chunk-extension' : this.#countExtension()
      case 'size-lf':
        this.#part = this.#left === 0 ? 'trailers' : 'data'
        return code === LF ? undefined : 'bad-line-end'
      case 'data-cr':
        this.#part = 'data-lf'
        return code === CR ? undefined : 'bad-chunk-end'
      default:
        this.#part = 'size'
        this.#digits = 0
        return code === LF ? undefined : 'bad-chunk-end'
    }
  }

  #size(code: number): H1ErrorCode | undefined {
    const digit = HEX[code] as number
    if (digit !== 255) {
      if (++this.#digits > MAX_SIZE_DIGITS) return 'bad-chunk-size'
      this.#left = this.#left * 16 + digit
      return undefined
    }
    if (this.#digits === 0) return 'bad-chunk-size'
    if (code === CR) this.#part = 'size-lf'
    else if (code === SEMICOLON) {
      this.#part = 'extension'
      this.#extensionOpen = false
    } else return 'bad-chunk-size'
    return undefined
  }

  /** `name`, `name=token` or `name="quoted"`, more of them behind semicolons; no blanks. */
  #extension(code: number): H1ErrorCode | undefined {
    if (code === CR) {
      this.#part = 'size-lf'
      return this.#extensionOpen ? undefined : 'bad-chunk-extension'
    }
    if (code === SEMICOLON || code === EQUALS) {
      if (!this.#extensionOpen) return 'bad-chunk-extension'
      this.#extensionOpen = false
    } else if (code === QUOTE) {
      if (this.#extensionOpen) return 'bad-chunk-extension'
      this.#part = 'quoted'
      this.#extensionOpen = true
    } else if (FOLDED_TOKEN[code] !== 0) this.#extensionOpen = true
    else if (code !== SP && code !== HT) return 'bad-chunk-extension'
    return this.#countExtension()
  }

  #countExtension(): H1ErrorCode | undefined {
    return ++this.#extensionBytes > this.#limits.maxChunkExtensionBytes ? 'chunk-extension-too-large' : undefined
  }

  #readTrailers(source: Uint8Array, from: number, end: number): number {
    const trailers = (this.#trailers ??= new Trailers(this.#limits))
    const at = trailers.read(source, from, end)
    this.error = trailers.error
    if (at < 0) {
      this.next = end
      return at
    }
    this.next = at
    return DONE
  }
}

/** The body goes on: `dataStart` to `dataEnd` is payload. */
export const DATA = 1
/** The body, trailers included, is complete. */
export const DONE = 2

/** The lines behind the last chunk; kept together until they are complete. */
class Trailers {
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

const SEMICOLON = 59
const EQUALS = 61
const QUOTE = 34
const BACKSLASH = 92
