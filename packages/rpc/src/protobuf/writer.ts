import type { WireType } from './wire-type.ts'

const FIRST_BYTES = 256
const utf8 = new TextEncoder()

/** Writes the wire format into one growing buffer. */
export class Writer {
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /** What was written, in memory of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at)
  }

  tag(no: number, wire: WireType): this {
    return this.uint32(((no << 3) | wire) >>> 0)
  }

  uint32(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new Error(`${value} is no uint32`)
    this.#reserve(5)
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#at++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#at++] = rest
    return this
  }

  int32(value: number): this {
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff) throw new Error(`${value} is no int32`)
    return value < 0 ? this.int64(BigInt(value)) : this.uint32(value)
  }

  int64(value: bigint): this {
    if (value !== BigInt.asIntN(64, value)) throw new Error(`${value} is no int64`)
    this.#reserve(10)
    let rest = BigInt.asUintN(64, value)
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80
    this.#bytes[this.#at++] = Number(rest)
    return this
  }

  bool(value: boolean): this {
    return this.uint32(value ? 1 : 0)
  }

  double(value: number): this {
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
    return this
  }

  bytes(value: Uint8Array): this {
    return this.uint32(value.length).raw(value)
  }

  /** Half a character becomes U+FFFD. */
  string(value: string): this {
    return this.within(() => {
      this.#reserve(value.length * 3)
      this.#at += utf8.encodeInto(value, this.#bytes.subarray(this.#at)).written
    })
  }

  raw(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  /** What `write` writes, with its length before it. */
  within(write: () => void): this {
    this.#reserve(1)
    const from = ++this.#at
    write()
    const length = this.#at - from
    const more = lengthBytes(length) - 1
    if (more > 0) {
      this.#reserve(more)
      this.#bytes.copyWithin(from + more, from, this.#at)
    }
    this.#at = from - 1
    this.uint32(length)
    this.#at += length
    return this
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

function lengthBytes(length: number): number {
  let bytes = 1
  for (let rest = length; rest > 0x7f; rest >>>= 7) bytes++
  return bytes
}
