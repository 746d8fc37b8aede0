import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Svid, SvidSource } from '@mesh/core/identity'
import { dial, IstioCertificateService, spiffeIdOfCertificate, RpcError } from '@mesh/rpc'
import { certificatesOf, createKeyAndCsr, createRoot, issueLeaf, readCsr, svidFromCa, verifyChain } from '@mesh/x509'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_JWKS_BYTES } from './limits.ts'
import { startCa, type Ca } from './service.ts'
import type { CaSettings } from './settings.ts'
import { tokenVerifier } from './token.ts'

const REVIEWS = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews'
const CA_ID = 'spiffe://cluster.local/ns/istio-system/sa/istio-ca'

const platform = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...platform.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }

let dir: string
let ca: Ca

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-ca-'))
  writeFileSync(join(dir, 'jwks.json'), JSON.stringify({ keys: [jwk] }))
  ca = await start()
})

afterEach(async () => {
  await ca.close()
  rmSync(dir, { recursive: true })
})

const start = (more: Partial<CaSettings> = {}) =>
  startCa({
    address: '127.0.0.1',
    port: 0,
    monitoringPort: 0,
    stateDir: join(dir, 'state'),
    trustDomain: 'cluster.local',
    jwksFile: join(dir, 'jwks.json'),
    rootFile: join(dir, 'root.pem'),
    workloadTtlSeconds: 3600,
    maxWorkloadTtlSeconds: 7200,
    renewWithoutTokenSeconds: 0,
    ...more,
  })

interface Claims {
  readonly [claim: string]: unknown
}

function token(claims: Claims = {}, options: { key?: KeyObject; header?: Claims } = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encode({ alg: 'ES256', kid: 'one', ...options.header })}.${encode({
    sub: 'system:serviceaccount:default:bookinfo-reviews',
    aud: ['istio-ca'],
    iat: now,
    exp: now + 3600,
    ...claims,
  })}`
  const signature = sign('sha256', Buffer.from(body), { key: options.key ?? platform.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${body}.${signature.toString('base64url')}`
}

async function ask(authorization: string | undefined, csr?: string): Promise<readonly string[]> {
  const channel = dial({ address: `127.0.0.1:${ca.port}`, rootsPem: readFileSync(join(dir, 'root.pem'), 'utf8'), expect: [CA_ID] })
  try {
    const reply = await channel.unary(
      IstioCertificateService.method.createCertificate,
      { csr: csr ?? (await createKeyAndCsr(REVIEWS)).csrPem },
      { headers: authorization === undefined ? {} : { authorization } },
    )
    return reply.certChain
  } finally {
    channel.close()
  }
}

const refusal = async (authorization: string | undefined, csr?: string): Promise<string> => {
  const outcome = await ask(authorization, csr).then(
    () => 'issued',
    (error: unknown) => error,
  )
  return outcome instanceof RpcError ? `${outcome.code}: ${outcome.message}` : String(outcome)
}

test('a workload with a good token gets a certificate for its own id, and the root', async () => {
  const chain = (await ask(`Bearer ${token()}`)).flatMap(certificatesOf)
  const [leaf, root] = chain
  if (leaf === undefined || root === undefined) throw new Error('no chain')
  expect(spiffeIdOfCertificate(leaf)).toBe(REVIEWS)
  expect(
    verifyChain({ chain: [leaf], roots: certificatesOf(readFileSync(join(dir, 'root.pem'), 'utf8')), nowMs: Date.now() }),
  ).toBeUndefined()
})

const obtainer = () =>
  svidFromCa({
    caAddress: `127.0.0.1:${ca.port}`,
    caSpiffeId: CA_ID,
    tokenFile: join(dir, 'token'),
    rootFile: join(dir, 'root.pem'),
    spiffeId: REVIEWS,
  })

async function refusalWith(svid: Svid, csr?: string): Promise<string> {
  const identity: SvidSource = { current: svid, watch: (onSvid) => (onSvid(svid), () => undefined), close: () => undefined }
  const channel = dial({ address: `127.0.0.1:${ca.port}`, identity, expect: [CA_ID] })
  const asked = { csr: csr ?? (await createKeyAndCsr(REVIEWS)).csrPem }
  const outcome = await channel.unary(IstioCertificateService.method.createCertificate, asked).then(
    () => 'issued',
    (error: unknown) => (error instanceof RpcError ? `${error.code}: ${error.message}` : String(error)),
  )
  channel.close()
  return outcome
}

test('an SVID source works against it, and the key on disk is the owner’s alone', async () => {
  writeFileSync(join(dir, 'token'), token())
  const svid = await obtainer()(new AbortController().signal)
  expect(svid.spiffeId).toBe(REVIEWS)
  expect(svid.renewAtMs).toBeLessThan(svid.notAfterMs)
  expect(statSync(join(dir, 'state/root.pem')).mode & 0o777).toBe(0o600)
})

test('the id is the caller’s, whatever the request asks for', async () => {
  const { csrPem } = await createKeyAndCsr('spiffe://cluster.local/ns/istio-system/sa/istio-pilot')
  expect(await refusal(`Bearer ${token()}`, csrPem)).toMatch(/^PERMISSION_DENIED: .*another name/)
})

test.each([
  ['none at all', undefined, /neither a token nor a client certificate/],
  ['no bearer', 'Basic abc', /authorization: Bearer/],
  ['a foreign key', `Bearer ${token({}, { key: stranger.privateKey })}`, /signature verification failed/],
  ['another audience', `Bearer ${token({ aud: ['api'] })}`, /aud/],
  ['an expired one', `Bearer ${token({ iat: 1000, exp: 2000 })}`, /exp/],
  ['one that never expires', `Bearer ${token({ exp: undefined })}`, /exp/],
  ['one that lives too long', `Bearer ${token({ exp: Math.floor(Date.now() / 1000) + 86_400 })}`, /longer than 3600/],
  ['one of the future', `Bearer ${token({ iat: Math.floor(Date.now() / 1000) + 7200, exp: Math.floor(Date.now() / 1000) + 9000 })}`, /iat/],
  ['one without a subject', `Bearer ${token({ sub: undefined })}`, /sub/],
  ['one of no service account', `Bearer ${token({ sub: 'admin' })}`, /no service account/],
  ['one with a crooked subject', `Bearer ${token({ sub: 'system:serviceaccount:default:a/../b' })}`, /no service account/],
  ['algorithm none', `Bearer ${token({}, { header: { alg: 'none' } })}`, /alg/],
  ['a shared secret as algorithm', `Bearer ${token({}, { header: { alg: 'HS256' } })}`, /alg/],
  [
    'one whose header demands an extension that is half a character',
    `Bearer ${token({}, { header: { crit: ['\ud800'], '\ud800': 1 } })}`,
    /Extension/,
  ],
  ['one whose subject is a list', `Bearer ${token({ sub: ['system:serviceaccount:default:bookinfo-reviews'] })}`, /no service account/],
  ['one without end', `Bearer ${token().replace(/\.[^.]+\./, `.${Buffer.from('{"exp":1e999}').toString('base64url')}.`)}`, /refused/],
  ['one that is not valid yet', `Bearer ${token({ nbf: Math.floor(Date.now() / 1000) + 1000 })}`, /nbf/],
  [
    'one that brings its own key',
    `Bearer ${token({}, { key: stranger.privateKey, header: { jwk: stranger.publicKey.export({ format: 'jwk' }) } })}`,
    /signature/,
  ],
  [
    'one that says where its key is',
    `Bearer ${token({}, { key: stranger.privateKey, header: { kid: 'two', jku: 'http://127.0.0.1:1/' } })}`,
    /key/,
  ],
  ['one of another algorithm than its key', `Bearer ${token({}, { header: { alg: 'RS256' } })}`, /key/],
  ['one that is huge', `Bearer ${token({ more: 'x'.repeat(20_000) })}`, /too long/],
  ['one that is encrypted', `Bearer ${token()}.a.b`, /Invalid|JWS/],
  ['two', `Bearer ${token()}, Bearer ${token()}`, /authorization: Bearer/],
  ['an unknown key id', `Bearer ${token({}, { header: { kid: 'two' } })}`, /key/],
])('a token is refused: %s', async (_what, authorization, reason) => {
  const said = await refusal(authorization)
  expect(said).toMatch(/^UNAUTHENTICATED: /)
  expect(said).toMatch(reason)
})

test.each(['', 'garbage', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'])(
  'a request that is none is refused: %j',
  async (csr) => {
    expect(await refusal(`Bearer ${token()}`, csr)).toMatch(/^INVALID_ARGUMENT: /)
  },
)

test('no change to a good token makes another one that is good', async () => {
  const good = token()
  const changes = Array.from({ length: 120 }, (_, index) => {
    const at = Math.floor((index / 120) * good.length)
    const other = good[at] === 'A' ? 'B' : 'A'
    return index % 2 === 0 ? good.slice(0, at) + other + good.slice(at + 1) : good.slice(0, at)
  })
  // The last digit of the signature is left alone: some of its bits decode to nothing.
  const verify = tokenVerifier(join(dir, 'jwks.json'))
  expect((await verify(good)).kind).toBe('account')
  const outcomes = await Promise.all(changes.map(verify))
  expect(outcomes.filter(({ kind }) => kind === 'account')).toEqual([])
})

test('a certificate alone renews nothing, unless the authority is told so; then it does for its own id', async () => {
  writeFileSync(join(dir, 'token'), token())
  const svid = await obtainer()(new AbortController().signal)
  expect(await refusalWith(svid)).toMatch(/^UNAUTHENTICATED: a certificate alone proves nothing here/)
  await ca.close()
  ca = await start({ renewWithoutTokenSeconds: 3600 })
  expect(await refusalWith(svid)).toBe('issued')
  expect(await refusalWith(svid, (await createKeyAndCsr(CA_ID)).csrPem)).toMatch(/^PERMISSION_DENIED/)
})

test('a certificate of another authority for the same id renews nothing', async () => {
  const signer = await createRoot({ organization: 'cluster.local', nowMs: Date.now(), ttlMs: 3_600_000 })
  const { csrPem, privateKeyPem } = await createKeyAndCsr(REVIEWS)
  const read = await readCsr(csrPem)
  if (read.kind === 'refused') throw new Error(read.reason)
  const issued = await issueLeaf(signer, { spiffeId: REVIEWS, publicKeyDer: read.csr.publicKeyDer, nowMs: Date.now(), ttlMs: 3_600_000 })
  const rootsPem = readFileSync(join(dir, 'root.pem'), 'utf8')
  const times = { notBeforeMs: 0, notAfterMs: issued.notAfterMs, renewAtMs: issued.notAfterMs }
  const said = await refusalWith({ spiffeId: REVIEWS, certChainPem: issued.certificatePem, privateKeyPem, rootsPem, ...times })
  expect(said).toMatch(/^(UNAUTHENTICATED: there is neither|UNAVAILABLE: )/)
})

test('keys of the token issuer are read again when they change', async () => {
  const other = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'two', alg: 'ES256', use: 'sig' }
  const late = `Bearer ${token({}, { key: stranger.privateKey, header: { kid: 'two' } })}`
  expect(await refusal(late)).toMatch(/^UNAUTHENTICATED/)
  writeFileSync(join(dir, 'jwks.json'), JSON.stringify({ keys: [jwk, other] }))
  expect(await refusal(late)).toBe('issued')
})

test('keys that break at run time prove nothing, say so, and are read again when they are mended', async () => {
  const good = `Bearer ${token()}`
  const file = join(dir, 'jwks.json')
  const whole = readFileSync(file, 'utf8')
  for (const broken of ['', whole.slice(0, 40), 'null', '{"keys":[{}]}', '{"keys":"x"}', ' '.repeat(MAX_JWKS_BYTES + 1)]) {
    writeFileSync(file, broken)
    expect(await refusal(good), JSON.stringify(broken.slice(0, 50))).toMatch(/^UNAUTHENTICATED: /)
  }
  rmSync(file)
  expect(await refusal(good)).toMatch(/^UNAUTHENTICATED: the keys to verify tokens with cannot be read/)
  writeFileSync(file, whole)
  expect(await refusal(good)).toBe('issued')
})

test('a key that is replaced by another of the same size within a moment is not known any more', async () => {
  const good = `Bearer ${token()}`
  expect(await refusal(good)).toBe('issued')
  const other = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }
  const { mtime } = statSync(join(dir, 'jwks.json'))
  writeFileSync(join(dir, 'jwks.json'), JSON.stringify({ keys: [other] }))
  utimesSync(join(dir, 'jwks.json'), mtime, mtime)
  expect(await refusal(good)).toMatch(/^UNAUTHENTICATED/)
})

test('pages answer those who ask by an address, and no page of another site', async () => {
  const ask = (host: string, path = '/metrics'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = get(
        { host: '127.0.0.1', port: ca.monitoringPort, path, headers: { host } },
        (response) => (response.resume(), resolve(response.statusCode)),
      )
      asked.on('error', reject)
    })
  expect(
    await Promise.all(['evil.example', `evil.example:${ca.monitoringPort}`, 'localhost', '127.0.0.1'].map((host) => ask(host))),
  ).toEqual([403, 403, 200, 200])
  expect(await ask('evil.example', '/ready')).toBe(403)
})

test('the root stays the same after a restart', async () => {
  const before = readFileSync(join(dir, 'root.pem'), 'utf8')
  await ca.close()
  ca = await start()
  expect(readFileSync(join(dir, 'root.pem'), 'utf8')).toBe(before)
})

test('it says that it is ready, and counts', async () => {
  await ask(`Bearer ${token()}`)
  await refusal(undefined)
  const at = `http://127.0.0.1:${ca.monitoringPort}`
  expect((await fetch(`${at}/ready`)).status).toBe(200)
  const text = await (await fetch(`${at}/metrics`)).text()
  expect(text).toMatch(/^citadel_server_success_cert_issuance_count 1$/m)
  expect(text).toMatch(/^citadel_server_authentication_failure_count 1$/m)
  expect(text).toMatch(/^citadel_server_root_cert_expiry_timestamp \d+/m)
})
