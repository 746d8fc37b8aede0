import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Svid } from '@mesh/core/identity'
import { dial, IstioCertificateService, spiffeIdOfCertificate } from '@mesh/rpc'
import { createKeyAndCsr } from './key-and-csr.ts'
import { MAX_TOKEN_BYTES, SIGN_DEADLINE_MS } from './limits.ts'
import { certificatesOf } from './pem.ts'
import type { ObtainSvid } from './svid-source.ts'
import { verifyChain } from './verify-chain.ts'

export interface CaClientOptions {
  /** `ip:port` of the certificate authority. */
  readonly caAddress: string
  /** SPIFFE id that the authority must have. */
  readonly caSpiffeId: string
  /** A JWT for this workload; read again each time. */
  readonly tokenFile: string
  /** The trusted roots, PEM; read again each time. */
  readonly rootFile: string
  /** The id that we ask for and expect. */
  readonly spiffeId: string
  /** Share of the certificate's life after which it is renewed, before 1 % jitter; Istio renews at half. */
  readonly renewAt?: number
}

/** Obtains SVIDs from Istio's certificate service (`istio.v1.auth.IstioCertificateService`): a new key each time, which stays here. */
export function svidFromCa(options: CaClientOptions): ObtainSvid {
  return async (signal) => {
    const [rootsPem, token, { privateKeyPem, csrPem }] = await Promise.all([
      readFile(options.rootFile, 'utf8'),
      readToken(options.tokenFile),
      createKeyAndCsr(options.spiffeId),
    ])
    const certChain = await certify({ ...options, rootsPem, token, csrPem, signal })
    return svidOf({ options, certChain, privateKeyPem, rootsPem })
  }
}

async function certify(
  request: CaClientOptions & { rootsPem: string; token: string; csrPem: string; signal: AbortSignal },
): Promise<readonly string[]> {
  const channel = dial({ address: request.caAddress, rootsPem: request.rootsPem, expect: [request.caSpiffeId] })
  try {
    const reply = await channel.unary(
      IstioCertificateService.method.createCertificate,
      { csr: request.csrPem },
      { deadlineMs: SIGN_DEADLINE_MS, headers: { authorization: `Bearer ${request.token}` }, signal: request.signal },
    )
    return reply.certChain
  } finally {
    channel.close()
  }
}

/** Takes only a certificate that is ours and that the roots vouch for. The authority sends the chain with its root last, as Istio's does. */
function svidOf(made: { options: CaClientOptions; certChain: readonly string[]; privateKeyPem: string; rootsPem: string }): Svid {
  const { options, certChain, privateKeyPem, rootsPem } = made
  const roots = certificatesOf(rootsPem)
  const chain = certChain.flatMap(certificatesOf)
  const [leaf] = chain
  if (leaf === undefined) throw new Error('the certificate authority sent no certificate')
  const refusal = verifyChain({ chain, roots, nowMs: Date.now() })
  if (refusal !== undefined) throw new Error(`the certificate authority sent a certificate that cannot be used: ${refusal}`)
  const spiffeId = spiffeIdOfCertificate(leaf)
  if (spiffeId !== options.spiffeId) throw new Error(`the certificate is for ${spiffeId ?? 'nobody'}, not for ${options.spiffeId}`)
  const certificate = new X509Certificate(leaf)
  const notBeforeMs = certificate.validFromDate.getTime()
  const notAfterMs = certificate.validToDate.getTime()
  const withoutRoots = chain.filter((der) => !roots.some((root) => Buffer.compare(root, der) === 0))
  return {
    spiffeId,
    certChainPem: withoutRoots.map((der) => new X509Certificate(der).toString()).join(''),
    privateKeyPem,
    rootsPem,
    notBeforeMs,
    notAfterMs,
    renewAtMs: renewalTime(notAfterMs, options.renewAt ?? 0.5),
  }
}

/** The share of what is left from now, give or take 1 %, so that proxies that started together do not renew together. */
function renewalTime(notAfterMs: number, share: number): number {
  const now = Date.now()
  return now + (notAfterMs - now) * (share + (Math.random() - 0.5) * 0.02)
}

async function readToken(file: string): Promise<string> {
  const token = (await readFile(file, 'utf8')).trim()
  if (token === '' || token.length > MAX_TOKEN_BYTES) throw new Error(`${file} holds no token`)
  return token
}
