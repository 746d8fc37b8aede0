import type { Svid, SvidSource } from '@mesh/core/identity'
import { spiffeId as spiffeIdOf } from '@mesh/core/view'
import { certificatesOf, createKeyAndCsr, keepSvid, readCsr } from '@mesh/x509'
import type { Authority } from './authority.ts'

/** The serving certificate of the authority, signed by itself. */
export function ownSvid(options: {
  readonly authority: Authority
  readonly trustDomain: string
  readonly ttlS: number
  readonly onProblem: (error: unknown) => void
}): SvidSource {
  return keepSvid({ obtain: () => obtain(options), onProblem: options.onProblem })
}

async function obtain({
  authority,
  trustDomain,
  ttlS,
}: {
  readonly authority: Authority
  readonly trustDomain: string
  readonly ttlS: number
}): Promise<Svid> {
  const spiffeId = spiffeIdOf({ trustDomain, namespace: 'istio-system', serviceAccount: 'istio-ca' })
  const { privateKeyPem, csrPem } = await createKeyAndCsr(spiffeId)
  const read = await readCsr(csrPem)
  if (read.kind === 'refused') throw new Error(read.reason)
  const nowMs = Date.now()
  const issued = await authority.issue({ spiffeId, publicKeyDer: read.csr.publicKeyDer, nowMs, ttlMs: ttlS * 1000 })
  if (certificatesOf(issued.certificatePem).length !== 1) throw new Error('the authority made no certificate for itself')
  return {
    spiffeId,
    certChainPem: issued.certificatePem,
    privateKeyPem,
    rootsPem: authority.rootPem,
    notBeforeMs: nowMs,
    notAfterMs: issued.notAfterMs,
    renewAtMs: nowMs + (issued.notAfterMs - nowMs) / 2,
  }
}
