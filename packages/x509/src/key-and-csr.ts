import { generateKeyPair, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { BIT_STRING, der, INTEGER, OCTET_STRING, oid, SEQUENCE, SET, TRUE } from './der.ts'
import { toPem } from './pem.ts'

export interface KeyAndCsr {
  /** PKCS #8. */
  readonly privateKeyPem: string
  /** PKCS #10. */
  readonly csrPem: string
}

/**
 * A new ECDSA P-256 key and a certificate request for a SPIFFE id (RFC 2986).
 * Every sidecar makes one as it starts: written by hand, it needs no certificate library.
 */
export async function createKeyAndCsr(spiffeId: string): Promise<KeyAndCsr> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const info = requestInfo(publicKey, spiffeId)
  const signature = sign('sha256', info, privateKey)
  const request = der(SEQUENCE, info, ECDSA_SHA256, der(BIT_STRING, NO_UNUSED_BITS, signature))
  return { privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), csrPem: toPem('CERTIFICATE REQUEST', request) }
}

/** Version 0, no subject, the key, and the extensions that are asked for (RFC 2985 §5.4.2). */
function requestInfo(publicKey: KeyObject, spiffeId: string): Buffer {
  const name = der(URI, Buffer.from(spiffeId, 'ascii'))
  // Critical, as the subject is empty.
  const subjectAltName = der(SEQUENCE, SUBJECT_ALT_NAME, TRUE, der(OCTET_STRING, der(SEQUENCE, name)))
  const extensions = der(SEQUENCE, EXTENSION_REQUEST, der(SET, der(SEQUENCE, subjectAltName)))
  return der(
    SEQUENCE,
    der(INTEGER, Buffer.from([0])),
    der(SEQUENCE),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(ATTRIBUTES, extensions),
  )
}

const ECDSA_SHA256 = der(SEQUENCE, oid('1.2.840.10045.4.3.2'))
const EXTENSION_REQUEST = oid('1.2.840.113549.1.9.14')
const SUBJECT_ALT_NAME = oid('2.5.29.17')
/** GeneralName `uniformResourceIdentifier`. */
const URI = 0x86
const ATTRIBUTES = 0xa0
const NO_UNUSED_BITS = Buffer.from([0])
