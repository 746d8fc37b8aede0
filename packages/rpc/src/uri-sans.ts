import { MAX_CERTIFICATE_BYTES } from './limits.ts'

const SEQUENCE = 0x30
const OCTET_STRING = 0x04
const BOOLEAN = 0x01
const OID = 0x06
const EXTENSIONS = 0xa3
/** GeneralName `uniformResourceIdentifier`. */
const URI = 0x86
/** 2.5.29.17 */
const SUBJECT_ALT_NAME = '551d11'

/**
 * The SPIFFE id of a certificate: its one URI subject alternative name, when that is a `spiffe://` one (X509-SVID §2).
 * Undefined for anything else. The caller has verified the chain.
 */
export function spiffeIdOfCertificate(der: Uint8Array): string | undefined {
  const uris = uriSans(der)
  const [only] = uris ?? []
  return uris?.length === 1 && only?.startsWith('spiffe://') ? only : undefined
}

/** URI subject alternative names of an X.509 certificate (RFC 5280 §4.2.1.6); undefined when it cannot be read. */
export function uriSans(der: Uint8Array): readonly string[] | undefined {
  if (der.length > MAX_CERTIFICATE_BYTES) return undefined
  try {
    return sansIn(subjectAltName(der))
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function sansIn(names: Uint8Array | undefined): string[] {
  if (names === undefined) return []
  const uris: string[] = []
  for (const name of children(expect(element(names, 0), SEQUENCE))) if (name.tag === URI) uris.push(ascii(name.value))
  return uris
}

function subjectAltName(der: Uint8Array): Uint8Array | undefined {
  const [toBeSigned] = children(expect(element(der, 0), SEQUENCE))
  let found: Uint8Array | undefined
  for (const field of children(expect(toBeSigned, SEQUENCE))) {
    if (field.tag !== EXTENSIONS) continue
    for (const extension of children(expect(children(field)[0], SEQUENCE))) {
      const value = extensionValue(extension)
      if (value === undefined) continue
      if (found !== undefined) throw new DerError('two subject alternative names')
      found = value
    }
  }
  return found
}

/** The value of an extension when it is the subject alternative name: OID, optional criticality, octets. */
function extensionValue(extension: Element): Uint8Array | undefined {
  const [oid, second, third] = children(expect(extension, SEQUENCE))
  if (hex(expect(oid, OID).value) !== SUBJECT_ALT_NAME) return undefined
  return expect(second?.tag === BOOLEAN ? third : second, OCTET_STRING).value
}

class DerError extends Error {}

interface Element {
  readonly tag: number
  readonly value: Uint8Array
  /** Where the next one begins. */
  readonly end: number
}

function children(parent: Element): Element[] {
  const found: Element[] = []
  for (let offset = 0; offset < parent.value.length;) {
    const next = element(parent.value, offset)
    found.push(next)
    offset = next.end
  }
  return found
}

function element(bytes: Uint8Array, offset: number): Element {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) throw new DerError('cut short')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 3 || first === 0x80) throw new DerError('length')
  const start = offset + 2 + lengthBytes
  const end = start + (first < 0x80 ? first : bigEndian(bytes.subarray(offset + 2, start)))
  if (end > bytes.length) throw new DerError('cut short')
  return { tag, value: bytes.subarray(start, end), end }
}

function expect(found: Element | undefined, tag: number): Element {
  if (found?.tag !== tag) throw new DerError(`expected tag ${tag}`)
  return found
}

function bigEndian(bytes: Uint8Array): number {
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return value
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** IA5String; a byte outside printable ASCII makes the name unreadable. */
function ascii(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte < 0x21 || byte > 0x7e) throw new DerError('not a URI')
    text += String.fromCharCode(byte)
  }
  return text
}
