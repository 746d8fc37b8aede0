import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  ECDSA_P256,
  subtle,
} from './peculiar.ts'
import { BACKDATE_MS } from './limits.ts'
import { certificatePem, toPem } from './pem.ts'
import { serialNumber } from './serial.ts'

/** A certificate that signs others, and its key. */
export interface Signer {
  readonly certificatePem: string
  /** PKCS #8, ECDSA P-256. */
  readonly privateKeyPem: string
}

export interface LeafRequest {
  readonly spiffeId: string
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyDer: Uint8Array<ArrayBuffer>
  readonly nowMs: number
  readonly ttlMs: number
  /** When its holder last proved who it is, Unix milliseconds; the serial number tells it (`attestedAtMs`). */
  readonly attestedAtMs?: number
}

export interface Issued {
  readonly certificatePem: string
  readonly notAfterMs: number
}

/** A new self-signed root: its own key, path length 0. */
export async function createRoot(options: {
  readonly organization: string
  readonly nowMs: number
  readonly ttlMs: number
}): Promise<Signer> {
  const keys = await subtle.generateKey(ECDSA_P256, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ O: [options.organization] }],
    notBefore: new Date(options.nowMs - BACKDATE_MS),
    notAfter: new Date(options.nowMs + options.ttlMs),
    signingAlgorithm: ECDSA_P256,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificatePem: certificatePem(new Uint8Array(certificate.rawData)), privateKeyPem: await exportKey(keys.privateKey) }
}

/**
 * Signs an X509-SVID: no CA, digitalSignature, server and client authentication, exactly one URI name, no subject;
 * valid from two minutes ago, never longer than its signer.
 */
export async function issueLeaf(signer: Signer, request: LeafRequest): Promise<Issued> {
  const { authority, signingKey, authorityKey } = await readSigner(signer)
  const notAfterMs = Math.min(request.nowMs + request.ttlMs, authority.notAfter.getTime())
  const publicKey = new PublicKey(request.publicKeyDer)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(request.attestedAtMs),
    issuer: authority.subject,
    notBefore: new Date(request.nowMs - BACKDATE_MS),
    notAfter: new Date(notAfterMs),
    signingAlgorithm: ECDSA_P256,
    signingKey,
    publicKey,
    extensions: await leafExtensions(request.spiffeId, publicKey, authorityKey),
  })
  return { certificatePem: certificatePem(new Uint8Array(certificate.rawData)), notAfterMs: certificate.notAfter.getTime() }
}

interface ReadSigner {
  readonly authority: X509Certificate
  readonly signingKey: CryptoKey
  readonly authorityKey: Extension
}

/** Each is read once: that takes as long as to sign. */
const signers = new WeakMap<Signer, Promise<ReadSigner>>()

function readSigner(signer: Signer): Promise<ReadSigner> {
  const known = signers.get(signer)
  if (known !== undefined) return known
  const authority = new X509Certificate(signer.certificatePem)
  const read = Promise.all([importKey(signer.privateKeyPem), AuthorityKeyIdentifierExtension.create(authority.publicKey)]).then(
    ([signingKey, authorityKey]) => ({ authority, signingKey, authorityKey }),
  )
  signers.set(signer, read)
  return read
}

async function leafExtensions(spiffeId: string, publicKey: PublicKey, authorityKey: Extension): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    // Critical, as the subject is empty (RFC 5280 §4.2.1.6).
    new SubjectAlternativeNameExtension([{ type: 'url', value: spiffeId }], true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    authorityKey,
  ]
}

/** A private key as PKCS #8 PEM. */
async function exportKey(key: CryptoKey): Promise<string> {
  return toPem('PRIVATE KEY', new Uint8Array(await subtle.exportKey('pkcs8', key)))
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  return subtle.importKey('pkcs8', der, ECDSA_P256, false, ['sign'])
}
