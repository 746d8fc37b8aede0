import { createPublicKey, generateKeyPairSync, randomBytes, X509Certificate, type webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { readCsr } from './csr.ts'
import { BIT_STRING, der, INTEGER, oid, SEQUENCE } from './der.ts'
import { createRoot, issueLeaf } from './issue.ts'
import { createKeyAndCsr } from './key-and-csr.ts'
import { MAX_CSR_BYTES, MAX_CSR_NAMES, MAX_RSA_BITS } from './limits.ts'
import { ECDSA_P256, Pkcs10CertificateRequestGenerator, subtle, SubjectAlternativeNameExtension } from './peculiar.ts'
import { certificatesOf, toPem } from './pem.ts'
import { attestedAtMs, serialNumber } from './serial.ts'

const ID = 'spiffe://cluster.local/ns/default/sa/reviews'
const pemOf = (bytes: Uint8Array): string => toPem('CERTIFICATE REQUEST', bytes)
const reasonOf = async (pem: string): Promise<string> => {
  const read = await readCsr(pem)
  return read.kind === 'refused' ? read.reason : 'accepted'
}

/** A request for an RSA key of any shape; its signature is nonsense. */
function rsaRequest(bits: number, exponent: Buffer): string {
  const modulus = randomBytes(bits / 8)
  modulus[0] = 0xff
  modulus[modulus.length - 1] = 0xff
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') }
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' })
  const info = der(SEQUENCE, der(INTEGER, Buffer.from([0])), der(SEQUENCE), spki, der(0xa0))
  const rsaSha256 = der(SEQUENCE, oid('1.2.840.113549.1.1.11'), der(0x05))
  return pemOf(der(SEQUENCE, info, rsaSha256, der(BIT_STRING, Buffer.from([0]), randomBytes(bits / 8))))
}

test.each([
  ['a key larger than others like to check', () => rsaRequest(MAX_RSA_BITS * 2, Buffer.from([1, 0, 1])), /at most 4096/],
  ['an exponent as long as its key', () => rsaRequest(2048, Buffer.alloc(255, 0xff)), /exponent/],
  ['an exponent of one', () => rsaRequest(2048, Buffer.from([1])), /exponent|cannot be read/],
])('before any work is done for it, a request is refused: %s', async (_what, make, reason) => {
  expect(await reasonOf(make())).toMatch(reason)
})

const nested = Buffer.concat(
  Array.from({ length: 2500 }, (_, depth) => Buffer.from([0x30, 0x82, (10_000 - depth * 4) >> 8, (10_000 - depth * 4) & 0xff])),
)
test.each([
  ['nested in itself', nested],
  ['nested without lengths', Buffer.alloc(12_000, Buffer.from([0x30, 0x80]))],
  ['strings in strings without lengths', Buffer.alloc(12_000, Buffer.from([0x24, 0x80]))],
  ['nothing, thousands of times', der(SEQUENCE, Buffer.alloc(11_000, Buffer.from([0x05, 0x00])))],
  ['a tag that never ends', Buffer.alloc(12_000, 0x9f)],
  ['a length beyond everything', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])],
])('a request that is %s is refused', async (_what, bytes) => {
  expect(await reasonOf(pemOf(bytes))).toMatch(/cannot be read/)
})

test.each([
  'A'.repeat(MAX_CSR_BYTES + 1),
  '-'.repeat(MAX_CSR_BYTES),
  '-----BEGIN CERTIFICATE REQUEST-----\n'.repeat(400),
  `-----BEGIN CERTIFICATE REQUEST-----\n${'a: b\n'.repeat(3000)}`,
  '0'.repeat(MAX_CSR_BYTES),
])('a text that only looks like a request is refused (%#)', async (text) => {
  expect(await reasonOf(text)).toMatch(/too long|cannot be read/)
})

const keys = (): Promise<webcrypto.CryptoKeyPair> => subtle.generateKey(ECDSA_P256, true, ['sign', 'verify'])

async function requestFor(...extensions: readonly (readonly string[])[]): Promise<string> {
  const names = extensions.map((uris) => new SubjectAlternativeNameExtension(uris.map((value) => ({ type: 'url', value }))))
  return (await Pkcs10CertificateRequestGenerator.create({ keys: await keys(), signingAlgorithm: ECDSA_P256, extensions: names })).toString(
    'pem',
  )
}

test('names in a second list of names are names too', async () => {
  const read = await readCsr(await requestFor([ID], [`${ID}-2`]))
  expect(read).toMatchObject({ kind: 'csr', csr: { uris: [ID, `${ID}-2`] } })
})

test('a request for more names than anybody has is refused', async () => {
  expect(await reasonOf(await requestFor(Array.from({ length: MAX_CSR_NAMES + 1 }, (_, index) => `${ID}-${index}`)))).toMatch(
    /more than 16 names/,
  )
})

test('what a certificate says of its key is written anew', async () => {
  const { csrPem } = await createKeyAndCsr(ID)
  const read = await readCsr(csrPem)
  if (read.kind === 'refused') throw new Error(read.reason)
  const key = createPublicKey({ key: Buffer.from(read.csr.publicKeyDer), format: 'der', type: 'spki' })
  expect(Buffer.from(read.csr.publicKeyDer)).toEqual(key.export({ type: 'spki', format: 'der' }))
})

test('a certificate tells when its holder was attested, and others tell nothing', async () => {
  const nowMs = Date.now()
  const root = await createRoot({ organization: 'test', nowMs, ttlMs: 3_600_000 })
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyDer = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  const atMs = 1_700_000_000_000
  const issue = async (attested: object) =>
    certificatesOf((await issueLeaf(root, { spiffeId: ID, publicKeyDer, nowMs, ttlMs: 60_000, ...attested })).certificatePem)[0] ??
    new Uint8Array()
  expect(attestedAtMs(await issue({ attestedAtMs: atMs + 999 }))).toBe(atMs)
  expect(attestedAtMs(await issue({}))).toBeUndefined()
  expect(attestedAtMs(new X509Certificate(root.certificatePem).raw)).toBeUndefined()
})

test('serial numbers are positive, of at most 20 octets, and never the same', () => {
  const serials = Array.from({ length: 200 }, (_, index) => serialNumber(index % 2 === 0 ? undefined : 1_700_000_000_000))
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$|^5a[0-9a-f]{38}$/)
  expect(new Set(serials).size).toBe(serials.length)
})
