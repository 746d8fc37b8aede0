import { createPublicKey, type KeyObject } from 'node:crypto'
import { MAX_CSR_BYTES, MAX_CSR_NAMES, MAX_RSA_BITS, MAX_RSA_EXPONENT, MIN_RSA_BITS } from './limits.ts'
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from './peculiar.ts'

/** A certificate request that was understood and is signed by the key that it names. */
export interface Csr {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyDer: Uint8Array<ArrayBuffer>
  /** URI names that it asks for; other kinds of names are refused. */
  readonly uris: readonly string[]
}

export type ReadCsr = { readonly kind: 'csr'; readonly csr: Csr } | { readonly kind: 'refused'; readonly reason: string }

/** Reads a PEM certificate request: its signature, the strength of its key, its names. Never throws on bad input. */
export async function readCsr(pem: string): Promise<ReadCsr> {
  if (pem.length > MAX_CSR_BYTES) return refused('the certificate request is too long')
  try {
    const request = new Pkcs10CertificateRequest(pem)
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
    // Before the signature: what a key is like decides how much work that is.
    const weakness = weaknessOf(key)
    if (weakness !== undefined) return refused(weakness)
    if (!(await request.verify())) return refused('the certificate request is not signed by its own key')
    const names = namesOf(request)
    if (names.length > MAX_CSR_NAMES) return refused(`the certificate request asks for more than ${MAX_CSR_NAMES} names`)
    if (names.some((name) => name.type !== 'url')) return refused('the certificate request asks for names that are no URIs')
    return { kind: 'csr', csr: { publicKeyDer: spkiOf(key), uris: names.map((name) => name.value) } }
  } catch {
    return refused('the certificate request cannot be read')
  }
}

function namesOf(request: Pkcs10CertificateRequest): readonly { readonly type: string; readonly value: string }[] {
  return request.extensions.filter((one) => one instanceof SubjectAlternativeNameExtension).flatMap((one) => one.names.items)
}

/** The key written anew: nothing that a caller put beside it gets into a certificate. */
function spkiOf(key: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }))
}

function weaknessOf(key: KeyObject): string | undefined {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec')
    return CURVES.has(namedCurve ?? '') ? undefined : `keys on the curve ${namedCurve ?? '?'} are not accepted, use P-256 or P-384`
  if (key.asymmetricKeyType !== 'rsa') return `keys of type ${key.asymmetricKeyType ?? '?'} are not accepted, use ECDSA or RSA`
  if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS)
    return `an RSA key needs at least ${MIN_RSA_BITS} bits and at most ${MAX_RSA_BITS}`
  return publicExponent > 2n && publicExponent < MAX_RSA_EXPONENT ? undefined : 'the exponent of the RSA key is not accepted, use 65537'
}

const CURVES = new Set(['prime256v1', 'secp384r1'])

function refused(reason: string): ReadCsr {
  return { kind: 'refused', reason }
}
