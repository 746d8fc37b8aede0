import { MAX_ALPN_NAMES, MAX_CLIENT_HELLO_BYTES } from '../limits.ts'
import { textOf } from '../h1/text.ts'

/**
 * What the first bytes of a connection are: a TLS ClientHello (with what it offers), something else, or not enough of either.
 * `bad` begins like TLS and is none.
 */
export type Sniffed =
  | { readonly kind: 'more' }
  | { readonly kind: 'plain' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'tls'; readonly sni: string | undefined; readonly alpn: readonly string[] }

/** Looks at the first bytes without consuming them (RFC 8446 section 4.1.2; RFC 6066 section 3; RFC 7301). */
export function sniffClientHello(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return NEED_MORE
  if (bytes[0] !== HANDSHAKE) return { kind: 'plain' }
  if (bytes.length > 1 && bytes[1] !== 3) return { kind: 'plain' }
  const message = gather(bytes)
  if (message === 'bad') return BROKEN
  if (message === 'more') return NEED_MORE
  const reader = new Reader(message)
  return readHello(reader) ?? BROKEN
}

/** The handshake message, put together from the records that carry it. */
function gather(bytes: Uint8Array): Uint8Array | 'more' | 'bad' {
  const pieces: Uint8Array[] = []
  let have = 0
  let wanted = 4
  for (let at = 0; ;) {
    if (at + 5 > bytes.length) return 'more'
    const size = uint16(bytes, at + 3)
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3 || size === 0 || size > MAX_RECORD_BYTES) return 'bad'
    const piece = bytes.subarray(at + 5, at + 5 + size)
    pieces.push(piece)
    have += piece.length
    if (have >= 4 && wanted === 4) {
      const start = join(pieces, 4)
      if (start[0] !== CLIENT_HELLO) return 'bad'
      wanted = 4 + ((start[1] as number) << 16) + uint16(start, 2)
      if (wanted > MAX_CLIENT_HELLO_BYTES) return 'bad'
    }
    if (have >= wanted && wanted > 4) return join(pieces, wanted)
    if (piece.length < size) return 'more'
    at += 5 + size
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    const part = piece.subarray(0, size - at)
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function readHello(reader: Reader): Sniffed | undefined {
  reader.skip(4 + 2 + 32)
  reader.skip(reader.uint8())
  reader.skip(reader.uint16())
  reader.skip(reader.uint8())
  let sni: string | undefined
  let alpn: readonly string[] = []
  const end = reader.left === 0 ? reader.at : reader.at + 2 + reader.uint16()
  while (reader.at < end && reader.valid) {
    const type = reader.uint16()
    const extension = reader.part(reader.uint16())
    if (type === SERVER_NAME) sni ??= readServerName(extension)
    if (type === ALPN) alpn = readAlpn(extension)
    if (!extension.valid) return undefined
  }
  return reader.valid && reader.at === end ? { kind: 'tls', sni, alpn } : undefined
}

function readServerName(reader: Reader): string | undefined {
  const end = 2 + reader.uint16()
  while (reader.at < end && reader.valid) {
    const type = reader.uint8()
    const name = reader.text(reader.uint16())
    if (type === 0) return NAME.test(name) ? name.toLowerCase() : reader.fail()
  }
  return undefined
}

function readAlpn(reader: Reader): string[] {
  const end = 2 + reader.uint16()
  const names: string[] = []
  while (reader.at < end && reader.valid) {
    const name = reader.text(reader.uint8())
    if (name === '') reader.fail()
    if (names.length < MAX_ALPN_NAMES) names.push(name)
  }
  return names
}

/** Reads forward; past the end everything is zero and `valid` is false. */
class Reader {
  at = 0
  valid = true
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  fail(): undefined {
    this.valid = false
    return undefined
  }

  uint8(): number {
    const start = this.at
    return this.skip(1) ? (this.#bytes[start] as number) : 0
  }

  uint16(): number {
    const start = this.at
    return this.skip(2) ? uint16(this.#bytes, start) : 0
  }

  text(size: number): string {
    const start = this.at
    return this.skip(size) ? textOf(this.#bytes, start, start + size) : ''
  }

  part(size: number): Reader {
    const start = this.at
    return new Reader(this.skip(size) ? this.#bytes.subarray(start, start + size) : this.#bytes.subarray(0, 0))
  }

  skip(size: number): boolean {
    if (this.at + size > this.#bytes.length) this.valid = false
    if (this.valid) this.at += size
    return this.valid
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

const NEED_MORE: Sniffed = { kind: 'more' }
const BROKEN: Sniffed = { kind: 'bad' }
/** Names as clients send them; an address is no name, but some send it. */
const NAME = /^[A-Za-z0-9._:-]{1,255}$/
const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const ALPN = 16
const MAX_RECORD_BYTES = 16_384
