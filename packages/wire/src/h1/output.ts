import { copyShort, roomFor, writeText } from './text.ts'

/** A growing area into which messages are written; reused from message to message. */
export class Output {
  bytes: Uint8Array
  length = 0
  /** Views of messages as long as earlier ones. */
  #views: (Uint8Array | undefined)[] = []

  constructor(bytes: number = 4096) {
    this.bytes = new Uint8Array(bytes)
  }

  /** What was written; valid until the next write. */
  get written(): Uint8Array {
    const slot = this.length % KEPT_VIEWS
    const known = this.#views[slot]
    if (known !== undefined && known.length === this.length) return known
    return (this.#views[slot] = this.bytes.subarray(0, this.length))
  }

  clear(): void {
    this.length = 0
  }

  /** One byte per character; text with characters above 255 goes out as UTF-8. */
  text(text: string): void {
    this.#reserve(roomFor(text))
    this.length = writeText(this.bytes, this.length, text)
  }

  /** A few bytes. */
  short(from: Uint8Array): void {
    this.#reserve(from.length)
    copyShort(from, this.bytes, this.length)
    this.length += from.length
  }

  /** The lowest eight bits. */
  byte(value: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = value
  }

  copy(from: Uint8Array, start: number = 0, end: number = from.length): void {
    const size = end - start
    this.#reserve(size)
    const { bytes } = this
    let at = this.length
    if (size < BY_HAND) for (let index = start; index < end; index++) bytes[at++] = from[index] as number
    else bytes.set(from.subarray(start, end), at)
    this.length += size
  }

  /** Makes sure that so many bytes more fit, for a writer that fills `bytes` from `length` on by itself. */
  reserve(size: number): void {
    this.#reserve(size)
  }

  #reserve(size: number): void {
    const needed = this.length + size
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
    this.#views = []
  }
}

/** Below this, a loop is faster than a call into the engine. */
const BY_HAND = 96

const KEPT_VIEWS = 256
