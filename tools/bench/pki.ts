import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAuthority, publishRoot } from '../../packages/ca/src/authority.ts'
import { createTokenIssuer } from '../../packages/cli/src/up/token-issuer.ts'
import { freePort, startServer } from './child.ts'

/** Service accounts of the bench. */
export const CLIENT = 'client'
export const SERVER = 'server'

export const TRUST_DOMAIN = 'cluster.local'

/** A throw-away authority: certificates in files for those who read files, and our CA for those who ask it. */
export interface Pki {
  files(account: string): CertFiles
  /** `ip:port` of the CA. */
  readonly caAddress: string
  readonly rootFile: string
  tokenFile(account: string): string
  stop(): Promise<void>
}

/** Paths of PEM files; `both` is chain and key. */
export interface CertFiles {
  readonly cert: string
  readonly key: string
  readonly both: string
  readonly root: string
}

export function spiffeIdOf(account: string): string {
  return `spiffe://${TRUST_DOMAIN}/ns/default/sa/${account}`
}

/** Starts the CA and writes the files of both accounts below `dir`. */
export async function startPki(dir: string): Promise<Pki> {
  mkdirSync(dir, { recursive: true })
  const path = (name: string): string => join(dir, name)
  const [port, monitoringPort, issuer, rootFile] = [await freePort(), await freePort(), createTokenIssuer(), path('root.pem')]
  const authority = await openAuthority({ stateDir: path('ca'), trustDomain: TRUST_DOMAIN, nowMs: Date.now() })
  publishRoot(rootFile, authority.rootPem)
  const issue = async (account: string): Promise<void> => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const publicKeyDer = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }))
    const request = { spiffeId: spiffeIdOf(account), publicKeyDer, nowMs: Date.now(), ttlMs: DAY_MS }
    const { certificatePem } = await authority.issue(request)
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const [name, text] of [
      ['crt', certificatePem],
      ['key', keyPem],
      ['pem', `${certificatePem}${keyPem}`],
      ['jwt', issuer.issue({ namespace: 'default', name: account }, Date.now())],
    ])
      writeFileSync(path(`${account}.${name}`), text ?? '', { mode: 0o600 })
  }
  for (const account of [CLIENT, SERVER]) await issue(account)
  writeFileSync(path('jwks.json'), issuer.jwks)
  const settings = {
    address: '127.0.0.1',
    port,
    monitoringPort,
    stateDir: 'ca',
    trustDomain: TRUST_DOMAIN,
    jwksFile: 'jwks.json',
    rootFile,
  }
  writeFileSync(path('ca.json'), JSON.stringify(settings))
  const main = fileURLToPath(new URL('../../apps/mesh-ca/src/main.ts', import.meta.url))
  const command = [process.execPath, '--conditions=@mesh/source', main, '--settings', path('ca.json')]
  const ca = await startServer('rest', command, port, { stdio: 'ignore' })
  return {
    files: (account) => ({
      cert: path(`${account}.crt`),
      key: path(`${account}.key`),
      both: path(`${account}.pem`),
      root: rootFile,
    }),
    caAddress: `127.0.0.1:${port}`,
    rootFile,
    tokenFile: (account) => path(`${account}.jwt`),
    stop: () => ca.stop(),
  }
}

const DAY_MS = 86_400_000
