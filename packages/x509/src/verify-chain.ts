import { X509Certificate } from 'node:crypto'
import { MAX_CHAIN_LENGTH } from './limits.ts'

export interface VerifyOptions {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[]
  /** DER. */
  readonly roots: readonly Uint8Array[]
  readonly nowMs: number
}

/**
 * Verifies a chain up to one of the roots: signatures, validity in time, who may sign.
 * Undefined accepts, a sentence refuses; names are the caller's to judge.
 */
export function verifyChain({ chain, roots, nowMs }: VerifyOptions): string | undefined {
  if (chain.length === 0) return 'there is no certificate'
  if (chain.length > MAX_CHAIN_LENGTH) return `the chain has more than ${MAX_CHAIN_LENGTH} certificates`
  try {
    return climb(
      chain.map((der) => new X509Certificate(der)),
      roots.map((der) => new X509Certificate(der)),
      nowMs,
    )
  } catch {
    return 'a certificate cannot be read'
  }
}

function climb(chain: readonly X509Certificate[], roots: readonly X509Certificate[], nowMs: number): string | undefined {
  for (const [index, certificate] of chain.entries()) {
    const late = untimely(certificate, nowMs)
    if (late !== undefined) return late
    if (index > 0 && !certificate.ca) return 'a certificate that may not sign has signed another'
    if (roots.some((root) => signedBy(certificate, root) && untimely(root, nowMs) === undefined)) return undefined
    const next = chain[index + 1]
    if (next === undefined || !signedBy(certificate, next)) return 'the certificate is not signed by a trusted root'
  }
  return 'the certificate is not signed by a trusted root'
}

function signedBy(certificate: X509Certificate, signer: X509Certificate): boolean {
  return signer.ca && certificate.checkIssued(signer) && certificate.verify(signer.publicKey)
}

function untimely(certificate: X509Certificate, nowMs: number): string | undefined {
  if (nowMs < certificate.validFromDate.getTime()) return 'a certificate is not valid yet'
  return nowMs > certificate.validToDate.getTime() ? 'a certificate has expired' : undefined
}
