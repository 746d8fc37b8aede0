import { createPublicKey } from 'node:crypto'
import { MAX_CSR_BYTES, MIN_RSA_BITS } from './limits.ts'
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
    if (!(await request.verify())) return refused('the certificate request is not signed by its own key')
    const publicKeyDer = new Uint8Array(request.publicKey.rawData)
    const weakness = weaknessOf(publicKeyDer)
    if (weakness !== undefined) return refused(weakness)
    const names = request.extensions.find((one) => one instanceof SubjectAlternativeNameExtension)?.names.items ?? []
    if (names.some((name) => name.type !== 'url')) return refused('the certificate request asks for names that are no URIs')
    return { kind: 'csr', csr: { publicKeyDer, uris: names.map((name) => name.value) } }
  } catch {
    return refused('the certificate request cannot be read')
  }
}

function weaknessOf(publicKeyDer: Uint8Array): string | undefined {
  const key = createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' })
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec')
    return CURVES.has(namedCurve ?? '') ? undefined : `keys on the curve ${namedCurve ?? '?'} are not accepted, use P-256 or P-384`
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= MIN_RSA_BITS ? undefined : `an RSA key needs at least ${MIN_RSA_BITS} bits`
  return `keys of type ${key.asymmetricKeyType ?? '?'} are not accepted, use ECDSA or RSA`
}

const CURVES = new Set(['prime256v1', 'secp384r1'])

function refused(reason: string): ReadCsr {
  return { kind: 'refused', reason }
}
