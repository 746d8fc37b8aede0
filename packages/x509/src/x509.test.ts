import { createPrivateKey, X509Certificate, type webcrypto } from 'node:crypto'
import { spiffeIdOfCertificate } from '@mesh/rpc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsr } from './csr.ts'
import { createRoot, issueLeaf, type Signer } from './issue.ts'
import { createKeyAndCsr } from './key-and-csr.ts'
import { Pkcs10CertificateRequestGenerator, subtle, SubjectAlternativeNameExtension } from './peculiar.ts'
import { certificatesOf } from './pem.ts'
import { parseSpiffeId } from '@mesh/core/identity'
import { verifyChain } from './verify-chain.ts'

const ID = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews'
const HOUR_MS = 3_600_000
const now = Date.now()

async function leafOf(signer: Signer, options: { nowMs?: number; ttlMs?: number; id?: string } = {}) {
  const { csrPem, privateKeyPem } = await createKeyAndCsr(options.id ?? ID)
  const read = await readCsr(csrPem)
  if (read.kind === 'refused') throw new Error(read.reason)
  const { publicKeyDer } = read.csr
  const issued = await issueLeaf(signer, {
    spiffeId: options.id ?? ID,
    publicKeyDer,
    nowMs: options.nowMs ?? now,
    ttlMs: options.ttlMs ?? HOUR_MS,
  })
  return { ...issued, privateKeyPem, der: certificatesOf(issued.certificatePem)[0] ?? new Uint8Array() }
}

interface WebKeys {
  readonly algorithm: { readonly name: string; readonly namedCurve?: string; readonly hash?: string; readonly modulusLength?: number }
  readonly keys: Promise<webcrypto.CryptoKeyPair>
}

function pair(type: 'rsa' | 'ec' | 'ed25519', options: { modulusLength?: number; namedCurve?: string }): WebKeys {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), ...options }
  const ec = { name: 'ECDSA', hash: 'SHA-256', ...options }
  const algorithm = { rsa, ec, ed25519: { name: 'Ed25519' } }[type]
  return { algorithm, keys: subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair> }
}

async function csrOf(
  { algorithm, keys }: WebKeys,
  names: readonly { type: 'dns' | 'ip' | 'email' | 'url'; value: string }[] = [],
): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: await keys,
    signingAlgorithm: algorithm,
    ...(names.length === 0 ? {} : { extensions: [new SubjectAlternativeNameExtension([...names])] }),
  })
  return request.toString('pem')
}

const rootsOf = (signer: Signer) => certificatesOf(signer.certificatePem)

test('a request names its key and its id, and the certificate carries them', async () => {
  const root = await createRoot({ organization: 'cluster.local', nowMs: now, ttlMs: 10 * HOUR_MS })
  const leaf = await leafOf(root)
  const certificate = new X509Certificate(leaf.der)
  expect(certificate.ca).toBe(false)
  expect(certificate.checkPrivateKey(createPrivateKey(leaf.privateKeyPem))).toBe(true)
  expect(certificate.subject).toBeUndefined()
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
  expect(spiffeIdOfCertificate(leaf.der)).toBe(ID)
  expect(verifyChain({ chain: [leaf.der], roots: rootsOf(root), nowMs: now })).toBeUndefined()
})

test('a certificate begins two minutes early and never outlives its signer', async () => {
  const root = await createRoot({ organization: 'cluster.local', nowMs: now, ttlMs: HOUR_MS })
  const leaf = await leafOf(root, { ttlMs: 24 * HOUR_MS })
  const { validFromDate, validToDate } = new X509Certificate(leaf.der)
  expect(now - validFromDate.getTime()).toBeGreaterThanOrEqual(120_000)
  expect(validToDate).toEqual(new X509Certificate(root.certificatePem).validToDate)
})

test('a foreign root, an expired leaf, a leaf that signs and an empty chain are refused', async () => {
  const root = await createRoot({ organization: 'cluster.local', nowMs: now, ttlMs: 10 * HOUR_MS })
  const foreign = await createRoot({ organization: 'cluster.local', nowMs: now, ttlMs: 10 * HOUR_MS })
  const leaf = await leafOf(root)
  const refusal = (chain: readonly Uint8Array[], roots = rootsOf(root), nowMs = now) => verifyChain({ chain, roots, nowMs })
  expect(refusal([leaf.der], rootsOf(foreign))).toMatch(/trusted root/)
  expect(refusal([leaf.der], rootsOf(root), now + 2 * HOUR_MS)).toMatch(/expired/)
  expect(refusal([leaf.der], rootsOf(root), now - HOUR_MS)).toMatch(/not valid yet/)
  expect(refusal([])).toMatch(/no certificate/)
  const forged = await leafOf({ certificatePem: leaf.certificatePem, privateKeyPem: leaf.privateKeyPem })
  expect(refusal([forged.der, leaf.der])).toMatch(/may not sign|trusted root/)
})

test('a request that was changed after it was signed is refused', async () => {
  const { csrPem } = await createKeyAndCsr(ID)
  const other = await createKeyAndCsr('spiffe://cluster.local/ns/default/sa/other')
  const [ours, theirs] = [csrPem, other.csrPem].map((pem) => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
  if (ours === undefined || theirs === undefined) throw new Error('no request')
  theirs.copy(ours, ours.length - 40, theirs.length - 40)
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${ours.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
  expect((await readCsr(pem)).kind).toBe('refused')
})

test('no text makes reading a request throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `-----BEGIN CERTIFICATE REQUEST-----\n${text}\n-----END CERTIFICATE REQUEST-----`),
      ),
      async (text) => {
        expect((await readCsr(text)).kind).toBe('refused')
      },
    ),
  )
})

test('a request with any byte changed is refused, or asks for what was signed', async () => {
  const { csrPem } = await createKeyAndCsr(ID)
  const der = Buffer.from(csrPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const change = fc.record({ at: fc.nat({ max: der.length - 1 }), to: fc.nat({ max: 255 }), cut: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(change, async ({ at, to, cut }) => {
      const bytes = Buffer.from(cut ? der.subarray(0, at) : der)
      if (!cut) bytes[at] = to
      const read = await readCsr(`-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`)
      expect(read.kind === 'refused' || read.csr.uris.join() === ID).toBe(true)
      expect(cut && read.kind === 'csr').toBe(false)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['a weak RSA key', () => pair('rsa', { modulusLength: 1024 }), /at least 2048 bits/],
  ['a curve that is not accepted', () => pair('ec', { namedCurve: 'P-521' }), /curve/],
  ['a kind of key that is not accepted', () => pair('ed25519', {}), /not accepted|cannot be read/],
])('a request is refused: %s', async (_what, makeKeys, reason) => {
  const read = await readCsr(await csrOf(makeKeys()))
  expect(read.kind === 'refused' ? read.reason : 'accepted').toMatch(reason)
})

test('a request for a DNS name or an address is refused, one that names nothing is not', async () => {
  const keys = () => pair('ec', { namedCurve: 'P-256' })
  for (const name of [
    { type: 'dns', value: 'pilot.istio-system.svc' },
    { type: 'ip', value: '127.0.0.1' },
    { type: 'email', value: 'a@b.example' },
  ] as const) {
    const read = await readCsr(await csrOf(keys(), [{ type: 'url', value: ID }, name]))
    expect(read.kind === 'refused' ? read.reason : 'accepted', name.type).toMatch(/no URIs/)
  }
  expect(await readCsr(await csrOf(keys()))).toMatchObject({ kind: 'csr', csr: { uris: [] } })
})

test('only an id in the form of a workload is taken apart', () => {
  expect(parseSpiffeId(ID)).toEqual({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-reviews' })
  for (const bad of [
    'spiffe://cluster.local/ns/default/sa/',
    'spiffe://Cluster.local/ns/a/sa/b',
    'spiffe://a/ns/../sa/b',
    `${ID}/x`,
    `${ID}\n`,
    'https://a/ns/b/sa/c',
    `spiffe://${'a'.repeat(256)}/ns/a/sa/b`,
  ])
    expect(parseSpiffeId(bad), bad).toBeUndefined()
})
