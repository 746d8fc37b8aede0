import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { Svid, SvidSource } from '@mesh/core/identity'

const DAY_MS = 24 * 3_600_000
const ECDSA_SHA256 = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11)
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13)

/** A throw-away certificate authority that signs whatever names it is asked for. */
export function testAuthority(name = 'test root') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = commonName(name)
  const isCa = extension(BASIC_CONSTRAINTS, der(0x30, der(0x01, Buffer.from([0xff]))), true)
  const rootPem = pem(certificate({ issuer, subject: issuer, publicKey, signingKey: privateKey, extensions: [isCa] }))
  return {
    rootPem,
    /** An SVID whose URI subject alternative names are `uris`. */
    issue: (...uris: string[]): Svid => issue({ issuer, signingKey: privateKey, rootPem, uris, more: [] }),
    /** The same of a certificate that may sign others. */
    issueSigning: (...uris: string[]): Svid => issue({ issuer, signingKey: privateKey, rootPem, uris, more: [isCa] }),
  }
}

/** A source that says what it is told. */
export function testSvidSource(first?: Svid): SvidSource & { set(svid: Svid): void } {
  const watchers = new Set<(svid: Svid) => void>()
  let current = first
  return {
    get current() {
      return current
    },
    set(svid) {
      current = svid
      for (const watcher of watchers) watcher(svid)
    },
    watch(onSvid) {
      watchers.add(onSvid)
      if (current !== undefined) onSvid(current)
      return () => watchers.delete(onSvid)
    },
    close: () => watchers.clear(),
  }
}

function issue(options: {
  issuer: Buffer
  signingKey: KeyObject
  rootPem: string
  uris: readonly string[]
  more: readonly Buffer[]
}): Svid {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const names = options.uris.map((uri) => der(0x86, Buffer.from(uri, 'latin1')))
  const extensions = [extension(SUBJECT_ALT_NAME, der(0x30, ...names), true), ...options.more]
  const now = Date.now()
  return {
    spiffeId: options.uris[0] ?? '',
    certChainPem: pem(certificate({ ...options, subject: commonName('workload'), publicKey, extensions })),
    privateKeyPem: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    rootsPem: options.rootPem,
    notBeforeMs: now - DAY_MS,
    notAfterMs: now + DAY_MS,
    renewAtMs: now + DAY_MS / 2,
  }
}

interface Parts {
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly publicKey: KeyObject
  readonly signingKey: KeyObject
  readonly extensions: readonly Buffer[]
}

/** RFC 5280 §4.1, version 3. */
function certificate({ issuer, subject, publicKey, signingKey, extensions }: Parts): Buffer {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    issuer,
    der(0x30, utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  )
  return der(0x30, toBeSigned, ECDSA_SHA256, der(0x03, Buffer.from([0]), sign('sha256', toBeSigned, signingKey)))
}

function extension(id: Buffer, value: Buffer, critical: boolean): Buffer {
  return der(0x30, id, ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value))
}

function commonName(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))))
}

function utcTime(ms: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const length = value.length
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), value])
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
}
