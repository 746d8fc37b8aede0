import { MAX_MESSAGE_DEPTH, MAX_UNKNOWN_FIELDS } from '../limits.ts'
import type { UnknownField } from './message.ts'
import { WIRE, type WireType } from './wire-type.ts'

const MAX_VARINT_BYTES = 10
const MAX_FIELD_NUMBER = 0x1fff_ffff
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the wire format; throws an Error at what breaks it, never beyond the bytes. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #maxMessages: number
  #at = 0
  #messages = 0
  #unknown = 0

  /** `maxMessages`: how many may be within each other and side by side. */
  constructor(bytes: Uint8Array, maxMessages = Number.POSITIVE_INFINITY) {
    this.#maxMessages = maxMessages
    const { buffer, byteOffset, byteLength } = bytes
    // Not `bytes` itself: the slice of a Buffer is no copy.
    this.#bytes = new Uint8Array(buffer, byteOffset, byteLength)
    this.#view = new DataView(buffer, byteOffset, byteLength)
  }

  get at(): number {
    return this.#at
  }

  get end(): number {
    return this.#bytes.length
  }

  /** A message begins, so many within others. */
  enter(depth: number): void {
    if (depth > MAX_MESSAGE_DEPTH) throw new Error('messages are nested too deep')
    if (++this.#messages > this.#maxMessages) throw new Error(`more than ${this.#maxMessages} messages are within one`)
  }

  /** Number and framing of the next field. */
  tag(): [no: number, wire: WireType] {
    const tag = this.#size()
    const [no, wire] = [Math.floor(tag / 8), tag % 8]
    if (no === 0 || no > MAX_FIELD_NUMBER) throw new Error(`a field cannot have number ${no}`)
    if (wire !== WIRE.varint && wire !== WIRE.fixed64 && wire !== WIRE.bytes && wire !== WIRE.fixed32)
      throw new Error(`field ${no} has the unknown wire type ${wire}`)
    return [no, wire]
  }

  /** The lower half of a varint. */
  uint32(): number {
    let value = 0
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#byte()
      if (index < 5) value |= (byte & 0x7f) << (7 * index)
      if (byte < 0x80) return value >>> 0
    }
    throw new Error('a number has too many bytes')
  }

  int32(): number {
    return this.uint32() | 0
  }

  int64(): bigint {
    let value = 0n
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw new Error('a number has too many bytes')
  }

  bool(): boolean {
    return this.int64() !== 0n
  }

  double(): number {
    return this.#view.getFloat64(this.#skip(8), true)
  }

  /** A copy, so that a message does not keep what it came in. */
  bytes(): Uint8Array {
    return this.raw(this.#size()).slice()
  }

  string(): string {
    return utf8.decode(this.raw(this.#size()))
  }

  /** Where the length-delimited value that begins here ends. */
  limit(): number {
    const length = this.#size()
    if (length > this.end - this.#at) throw new Error('the message ends within a field')
    return this.#at + length
  }

  /** A field that nobody knows, as it came; undefined when enough of them are kept. */
  unknown(no: number, wireType: WireType): UnknownField | undefined {
    const from = this.#at
    this.pass(wireType)
    return ++this.#unknown > MAX_UNKNOWN_FIELDS ? undefined : { no, wireType, data: this.#bytes.slice(from, this.#at) }
  }

  /** Passes over the value of a field. */
  pass(wire: WireType): void {
    if (wire === WIRE.varint) this.#size()
    else this.#skip(wire === WIRE.fixed64 ? 8 : wire === WIRE.fixed32 ? 4 : this.#size())
  }

  raw(length: number): Uint8Array {
    const from = this.#skip(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** A varint as a number: from 2^53 on no longer exact, but as large. */
  #size(): number {
    let value = 0
    for (let index = 0, unit = 1; index < MAX_VARINT_BYTES; index++, unit *= 0x80) {
      const byte = this.#byte()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
    }
    throw new Error('a number has too many bytes')
  }

  #skip(length: number): number {
    const from = this.#at
    if (length > this.end - from) throw new Error('the message ends within a field')
    this.#at = from + length
    return from
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Error('the message ends within a field')
    this.#at++
    return byte
  }
}
