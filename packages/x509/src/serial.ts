import { randomBytes, X509Certificate } from 'node:crypto'

/** Octets of a serial number that tells when its holder was attested: a mark, the time, 104 random bits. At most 20 (RFC 5280 §4.1.2.2). */
const ATTESTED_OCTETS = 20
const MARK = 0x5a
const TIME_OCTETS = 6

/** A positive serial number as hex; `attestedAtMs` is when its holder last proved to somebody else than us who it is. */
export function serialNumber(attestedAtMs?: number): string {
  if (attestedAtMs === undefined) return randomSerial()
  const bytes = randomBytes(ATTESTED_OCTETS)
  bytes[0] = MARK
  bytes.writeUIntBE(Math.floor(attestedAtMs / 1000), 1, TIME_OCTETS)
  return bytes.toString('hex')
}

/** When the holder of a certificate was attested, Unix milliseconds as its serial number says; undefined when it does not. */
export function attestedAtMs(der: Uint8Array): number | undefined {
  const bytes = Buffer.from(new X509Certificate(der).serialNumber, 'hex')
  if (bytes.length !== ATTESTED_OCTETS || bytes[0] !== MARK) return undefined
  return bytes.readUIntBE(1, TIME_OCTETS) * 1000
}

/** 127 random bits. */
function randomSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
