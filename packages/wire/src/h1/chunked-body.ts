import type { H1Limits } from '../limits.ts'
import { CR, HEX, LF } from './characters.ts'
import { ChunkExtension } from './chunk-extension.ts'
import { BAD, MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { Trailers } from './trailers.ts'

/** Thirteen hexadecimal digits stay below 2^53. */
const MAX_SIZE_DIGITS = 13

type Part = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers'

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
  readonly #extension = new ChunkExtension()
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
    this.#left = this.#digits = this.#extension.bytes = 0
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
        return this.#readExtension(code)
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
      this.#extension.begin()
    } else return 'bad-chunk-size'
    return undefined
  }

  #readExtension(code: number): H1ErrorCode | undefined {
    if (code === CR && this.#extension.complete) {
      this.#part = 'size-lf'
      return undefined
    }
    if (!this.#extension.take(code)) return 'bad-chunk-extension'
    return this.#extension.bytes > this.#limits.maxChunkExtensionBytes ? 'chunk-extension-too-large' : undefined
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

const SEMICOLON = 59
