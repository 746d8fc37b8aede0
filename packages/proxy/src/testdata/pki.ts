import type { Svid, SvidSource } from '@mesh/core/identity'
import { createKeyAndCsr, createRoot, issueLeaf, readCsr, type Signer } from '@mesh/x509'
import { createSvidInbox } from '../workers/svid-inbox.ts'

/** A throw-away root. */
export function root(organization = 'test'): Promise<Signer> {
  return createRoot({ organization, nowMs: Date.now(), ttlMs: 3_600_000 })
}

/** An SVID that this root signed; it trusts `roots`, the signer alone where absent. */
export async function svid(signer: Signer, spiffeId: string, roots: readonly Signer[] = [signer]): Promise<Svid> {
  const { privateKeyPem, csrPem } = await createKeyAndCsr(spiffeId)
  const read = await readCsr(csrPem)
  if (read.kind !== 'csr') throw new Error('the CSR cannot be read')
  const nowMs = Date.now()
  const leaf = await issueLeaf(signer, { spiffeId, publicKeyDer: read.csr.publicKeyDer, nowMs, ttlMs: 600_000 })
  return {
    spiffeId,
    certChainPem: leaf.certificatePem,
    privateKeyPem,
    rootsPem: roots.map(({ certificatePem }) => certificatePem).join(''),
    notBeforeMs: nowMs,
    notAfterMs: leaf.notAfterMs,
    renewAtMs: leaf.notAfterMs,
  }
}

/** A source whose SVID a test replaces at will. */
export function source(first: Svid | undefined): SvidSource & { replace(next: Svid): void } {
  const inbox = createSvidInbox()
  if (first !== undefined) inbox.put(first)
  return Object.assign(inbox, { replace: (next: Svid) => inbox.put(next) })
}
