import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RpcError, spiffeIdOfCertificate, type RpcContext, type UnaryHandler } from '@mesh/rpc'
import { certificatesOf, createKeyAndCsr, createRoot, issueLeaf } from '@mesh/x509'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAuthority, type Authority } from './authority.ts'
import { BURST_PER_CALLER, REFILL_MS } from './limits.ts'
import { certificateService, type SignerOptions, type SignEvent } from './sign.ts'

const HOUR_S = 3600
const ID = 'spiffe://cluster.local/ns/default/sa/reviews'

let dir: string
let authority: Authority
let nowMs: number
let events: SignEvent[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-ca-'))
  nowMs = Date.now()
  events = []
  authority = await openAuthority({ stateDir: dir, trustDomain: 'cluster.local', nowMs })
})
afterEach(() => rmSync(dir, { recursive: true }))

interface Asked {
  /** The account that a token speaks for. */
  readonly token?: string
  /** A client certificate, DER. */
  readonly certificate?: Uint8Array
  readonly csr?: string
  readonly seconds?: number | bigint
}

/** The service, asked without a network; answers a certificate or the status. */
function service(more: Partial<SignerOptions> = {}): (asked: Asked) => Promise<X509Certificate | string> {
  const { handlers } = certificateService({
    authority,
    verifyToken: async (serviceAccount) => ({ kind: 'account', account: { namespace: 'default', serviceAccount } }),
    trustDomain: 'cluster.local',
    ttlS: HOUR_S,
    maxTtlS: 24 * HOUR_S,
    renewWithoutTokenS: 0,
    now: () => nowMs,
    audit: (event) => events.push(event),
    ...more,
  })
  const sign = handlers['createCertificate'] as unknown as UnaryHandler<never, never>
  return async ({ token, certificate, csr, seconds = 0 }) => {
    const principal = certificate === undefined ? undefined : spiffeIdOfCertificate(certificate)
    const context: RpcContext = {
      peer: { address: '127.0.0.1', port: 1, principal },
      certificate,
      header: () => (token === undefined ? undefined : `Bearer ${token}`),
      signal: new AbortController().signal,
    }
    const request = { csr: csr ?? (await createKeyAndCsr(ID)).csrPem, validityDuration: BigInt(seconds) }
    try {
      const reply = (await sign(request as never, context)) as unknown as { certChain: readonly string[] }
      return new X509Certificate(reply.certChain[0] ?? '')
    } catch (error) {
      return error instanceof RpcError ? `${error.code}: ${error.message}` : String(error)
    }
  }
}

const lifeS = (got: X509Certificate | string): number =>
  typeof got === 'string' ? NaN : Math.round((got.validToDate.getTime() - nowMs) / 1000)
const derOf = (got: X509Certificate | string): Uint8Array => (typeof got === 'string' ? new Uint8Array() : got.raw)

test('a certificate lives as long as is set, or as is asked for', async () => {
  const ask = service()
  expect(lifeS(await ask({ token: 'reviews' }))).toBeCloseTo(HOUR_S, -1)
  expect(lifeS(await ask({ token: 'reviews', seconds: 60 }))).toBeCloseTo(60, -1)
  expect(lifeS(await ask({ token: 'reviews', seconds: 24 * HOUR_S }))).toBeCloseTo(24 * HOUR_S, -1)
  expect(lifeS(await ask({ token: 'reviews', seconds: -1 }))).toBeCloseTo(HOUR_S, -1)
})

test.each([24 * HOUR_S + 1, 90 * 24 * HOUR_S, 2n ** 62n])('a longer life than may be had is refused, not cut: %d s', async (seconds) => {
  expect(await service()({ token: 'reviews', seconds })).toMatch(/^INVALID_ARGUMENT: a life of \d+ s is asked for, and at most 86400 s/)
  expect(events).toMatchObject([{ outcome: 'bad-request', caller: ID }])
})

test('no certificate outlives the root, and an expired root signs nothing', async () => {
  const ask = service({ maxTtlS: 100 * 365 * 24 * HOUR_S })
  const got = await ask({ token: 'reviews', seconds: 50 * 365 * 24 * HOUR_S })
  expect(got instanceof X509Certificate && got.validToDate.getTime()).toBe(authority.notAfterMs)
  nowMs = authority.notAfterMs
  expect(await ask({ token: 'reviews' })).toBe('UNAVAILABLE: the root certificate has expired')
  expect(events.at(-1)).toMatchObject({ outcome: 'failed' })
})

test('a certificate alone is no proof, unless that is set', async () => {
  const certificate = derOf(await service()({ token: 'reviews' }))
  expect(await service()({ certificate })).toMatch(/^UNAUTHENTICATED: a certificate alone proves nothing here/)
  expect(await service({ renewWithoutTokenS: HOUR_S })({ certificate })).toBeInstanceOf(X509Certificate)
})

test('a chain of renewals ends when the last token is too old, and no certificate of it lasts longer', async () => {
  const ask = service({ renewWithoutTokenS: 3 * HOUR_S })
  const startMs = nowMs
  let certificate = derOf(await ask({ token: 'reviews' }))
  const ends: number[] = []
  for (let step = 0; step < 8; step++) {
    nowMs += HOUR_S * 500
    const got = await ask({ certificate, seconds: HOUR_S })
    if (typeof got === 'string') break
    certificate = derOf(got)
    ends.push(Math.round((got.validToDate.getTime() - startMs) / 1000))
  }
  expect(ends.length).toBe(5)
  expect(Math.max(...ends)).toBeLessThanOrEqual(3 * HOUR_S)
  expect(events.at(-1)).toMatchObject({ outcome: 'unauthenticated' })
})

test('a token that is older than what is set now is too old, however long its certificates last', async () => {
  const certificate = derOf(await service()({ token: 'reviews', seconds: 10 * HOUR_S }))
  nowMs += 2 * HOUR_S * 1000
  expect(await service({ renewWithoutTokenS: HOUR_S })({ certificate })).toMatch(/^UNAUTHENTICATED: .*last showed a token/)
})

test('a token begins a chain of renewals anew', async () => {
  const ask = service({ renewWithoutTokenS: HOUR_S })
  nowMs += HOUR_S * 900
  const certificate = derOf(await ask({ token: 'reviews' }))
  nowMs += HOUR_S * 900
  expect(await ask({ certificate })).toBeInstanceOf(X509Certificate)
})

test('a certificate that has expired, is of another root or tells nothing of a token renews nothing', async () => {
  const ask = service({ renewWithoutTokenS: 10 * HOUR_S })
  const { csrPem } = await createKeyAndCsr(ID)
  const own = derOf(await ask({ token: 'reviews', csr: csrPem }))
  const publicKeyDer = new Uint8Array(
    createPublicKey(new X509Certificate(own).publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' }),
  )
  const leaf = { spiffeId: ID, publicKeyDer, nowMs, ttlMs: 20 * HOUR_S * 1000 }
  const foreign = await issueLeaf(await createRoot({ organization: 'x', nowMs, ttlMs: 1e9 }), { ...leaf, attestedAtMs: nowMs })
  const silent = await authority.issue(leaf)
  const first = (pem: string): Uint8Array => certificatesOf(pem)[0] ?? new Uint8Array()
  expect(await ask({ certificate: first(foreign.certificatePem) })).toMatch(/^UNAUTHENTICATED: .*trusted root/)
  expect(await ask({ certificate: first(silent.certificatePem) })).toMatch(/^UNAUTHENTICATED: .*does not tell/)
  nowMs += 2 * HOUR_S * 1000
  expect(await ask({ certificate: own })).toMatch(/^UNAUTHENTICATED: .*expired/)
})

test('a certificate of another trust domain renews nothing', async () => {
  const { csrPem } = await createKeyAndCsr(ID)
  const got = await service({ trustDomain: 'other.example', renewWithoutTokenS: HOUR_S })({
    certificate: derOf(await service()({ token: 'reviews', csr: csrPem })),
  })
  expect(got).toMatch(/^UNAUTHENTICATED: the client certificate is not of the trust domain other\.example/)
})

test('a caller that asks too often is told so, and others are not; time makes room', async () => {
  const ask = service()
  const said = await Promise.all(Array.from({ length: BURST_PER_CALLER + 5 }, () => ask({ token: 'reviews', csr: 'x' })))
  expect(said.filter((one) => String(one).startsWith('RESOURCE_EXHAUSTED'))).toHaveLength(5)
  const { csrPem } = await createKeyAndCsr(`${ID}-2`)
  expect(await ask({ token: 'reviews-2', csr: csrPem })).toBeInstanceOf(X509Certificate)
  nowMs += REFILL_MS
  expect(await ask({ token: 'reviews' })).toBeInstanceOf(X509Certificate)
})
