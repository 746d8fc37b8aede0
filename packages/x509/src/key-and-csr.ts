import { ECDSA_P256, Pkcs10CertificateRequestGenerator, subtle, SubjectAlternativeNameExtension } from './peculiar.ts'
import { toPem } from './pem.ts'

export interface KeyAndCsr {
  /** PKCS #8. */
  readonly privateKeyPem: string
  /** PKCS #10. */
  readonly csrPem: string
}

/** A new ECDSA P-256 key and a certificate request for a SPIFFE id (RFC 2986). */
export async function createKeyAndCsr(spiffeId: string): Promise<KeyAndCsr> {
  const keys = await subtle.generateKey(ECDSA_P256, true, ['sign', 'verify'])
  const csr = await Pkcs10CertificateRequestGenerator.create({
    keys,
    signingAlgorithm: ECDSA_P256,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'url', value: spiffeId }], true)],
  })
  return { privateKeyPem: await exportKey(keys.privateKey), csrPem: csr.toString('pem') }
}

/** A private key as PKCS #8 PEM. */
export async function exportKey(key: CryptoKey): Promise<string> {
  return toPem('PRIVATE KEY', new Uint8Array(await subtle.exportKey('pkcs8', key)))
}
