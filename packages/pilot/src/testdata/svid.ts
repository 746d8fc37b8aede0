import type { Svid, SvidSource } from '@mesh/core/identity'
import { createKeyAndCsr, issueLeaf, readCsr, type Signer } from '@mesh/x509'

/** A certificate of this signer for an id. */
export async function svid(signer: Signer, spiffeId: string, trusted = signer): Promise<Svid> {
  const { privateKeyPem, csrPem } = await createKeyAndCsr(spiffeId)
  const read = await readCsr(csrPem)
  if (read.kind !== 'csr') throw new Error('not a CSR')
  const nowMs = Date.now()
  const leaf = await issueLeaf(signer, { spiffeId, publicKeyDer: read.csr.publicKeyDer, nowMs, ttlMs: 600_000 })
  const times = { notBeforeMs: nowMs, notAfterMs: leaf.notAfterMs, renewAtMs: leaf.notAfterMs }
  return { spiffeId, certChainPem: leaf.certificatePem, privateKeyPem, rootsPem: trusted.certificatePem, ...times }
}

/** A source that has one SVID for good. */
export function source(current: Svid): SvidSource {
  return {
    current,
    watch: (onSvid) => {
      onSvid(current)
      return () => {}
    },
    close: () => {},
  }
}
