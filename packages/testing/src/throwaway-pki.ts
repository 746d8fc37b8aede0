import { X509Certificate } from 'node:crypto'
import type { TlsMaterial } from '@mesh/io'
import { createRoot, issueLeaf, type Signer } from '@mesh/x509'
import { generateKeyPairSync } from 'node:crypto'

const HOUR_MS = 3_600_000

/** A certificate authority that lives as long as a test; its certificates hold for an hour. */
export interface ThrowawayPki {
  readonly rootPem: string
  /** Chain, key and roots of a workload; `ttlMs` may be negative for one that has expired. */
  issue(spiffeId: string, ttlMs?: number): Promise<TlsMaterial>
}

/** Makes a root and issues from it. */
export async function throwawayPki(organization = 'throw-away'): Promise<ThrowawayPki> {
  const nowMs = Date.now()
  const root: Signer = await createRoot({ organization, nowMs, ttlMs: 24 * HOUR_MS })
  return {
    rootPem: root.certificatePem,
    async issue(spiffeId, ttlMs = HOUR_MS) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const publicKeyDer = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }))
      const leaf = await issueLeaf(root, { spiffeId, publicKeyDer, nowMs, ttlMs })
      const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { certChainPem: leaf.certificatePem, privateKeyPem, rootsPem: root.certificatePem }
    },
  }
}

/** The URI names of a certificate, for judges of tests. */
export function uriNames(der: Uint8Array): string[] {
  const names = new X509Certificate(der).subjectAltName ?? ''
  return [...names.matchAll(/URI:([^,]+)/g)].map((match) => match[1] ?? '')
}
