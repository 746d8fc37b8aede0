type Slice = (this: Uint8Array, start: number, end: number) => string

/** A host's own decoder (Node's Buffer), where there is one: five times faster for the short strings of a head. */
const hostSlice: Slice | undefined = (globalThis as { Buffer?: { prototype?: { latin1Slice?: Slice } } }).Buffer?.prototype?.latin1Slice

/** The bytes as a string of the same length, one character per byte. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (start >= end) return ''
  if (hostSlice !== undefined) return hostSlice.call(bytes, start, end)
  return portableTextOf(bytes, start, end)
}

/** The same without the host's help. */
export function portableTextOf(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, end)))
  return text
}

/** Below the number of arguments that any engine takes. */
const PIECE = 4096

type Write = (this: Uint8Array, text: string, at: number, maxBytes: number) => number

/** A host's own encoder, likewise: it takes a text at once that is put together from parts. */
const hostWrite: Write | undefined = (globalThis as { Buffer?: { prototype?: { utf8Write?: Write } } }).Buffer?.prototype?.utf8Write

/** How many bytes `writeText` wants room for. */
export function roomFor(text: string): number {
  return text.length * 3
}

/**
 * Writes one byte per character; text with characters above 255 as UTF-8. Answers the position behind it.
 * There must be room for `roomFor(text)` bytes.
 */
export function writeText(bytes: Uint8Array, start: number, text: string): number {
  const { length } = text
  // As UTF-8 only ASCII has as many bytes as characters.
  if (length > BY_HAND && hostWrite !== undefined && hostWrite.call(bytes, text, start, length * 3) === length) return start + length
  let at = start
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code > 255) return writeUtf8(bytes, start, text)
    bytes[at++] = code
  }
  return at
}

function writeUtf8(bytes: Uint8Array, start: number, text: string): number {
  const encoded = encoder.encode(text)
  bytes.set(encoded, start)
  return start + encoded.length
}

/** Bytes of an ASCII text that is written again and again. */
export function asciiBytes(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Copies a few bytes: by a loop, for a call into the engine would take longer. */
export function copyShort(from: Uint8Array, to: Uint8Array, at: number): void {
  const { length } = from
  for (let index = 0; index < length; index++) to[at + index] = from[index] as number
}

/** Up to this length a loop is faster than a call into the host. */
const BY_HAND = 14

const encoder = new TextEncoder()

/** Whether the bytes are this text; `text` is lower-case, the bytes in any case. */
export function equalsFolded(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let at = 0; at < text.length; at++) {
    let code = bytes[start + at] as number
    if (code >= 65 && code <= 90) code += 32
    if (code !== text.charCodeAt(at)) return false
  }
  return true
}

/** Whether the bytes are exactly this text. */
export function equalsExactly(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text.charCodeAt(at)) return false
  return true
}
