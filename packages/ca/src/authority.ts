import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { certificatesOf, createRoot, issueLeaf, verifyChain, type Issued, type LeafRequest, type Signer } from '@mesh/x509'
import { ROOT_TTL_MS } from './limits.ts'

/** Holds the root key and signs with it. */
export interface Authority {
  readonly rootPem: string
  /** When the root expires, Unix milliseconds. */
  readonly notAfterMs: number
  issue(request: LeafRequest): Promise<Issued>
}

/** The authority of a state folder: its root as it was left there, else a new one. Throws when what is there cannot be used. */
export async function openAuthority(options: {
  readonly stateDir: string
  readonly trustDomain: string
  readonly nowMs: number
}): Promise<Authority> {
  const signer = load(options) ?? (await found(options))
  const notAfterMs = new X509Certificate(signer.certificatePem).validToDate.getTime()
  return { rootPem: signer.certificatePem, notAfterMs, issue: (request) => issueLeaf(signer, request) }
}

/** Writes the root certificate where everybody reads it, all at once. */
export function publishRoot(rootFile: string, rootPem: string): void {
  mkdirSync(dirname(rootFile), { recursive: true })
  writeWhole(rootFile, rootPem, 0o644)
}

function load({ stateDir, nowMs }: { readonly stateDir: string; readonly nowMs: number }): Signer | undefined {
  const text = readIfThere(join(stateDir, ROOT))
  if (text === undefined) return undefined
  const signer: Signer = { certificatePem: text.slice(0, text.indexOf(KEY)), privateKeyPem: text.slice(text.indexOf(KEY)) }
  const chain = certificatesOf(signer.certificatePem)
  const refusal = verifyChain({ chain, roots: chain, nowMs })
  if (refusal !== undefined || !fits(signer))
    throw new Error(`${join(stateDir, ROOT)} cannot be used: ${refusal ?? 'it holds no key that fits'}. Remove it to make a new root.`)
  return signer
}

function fits({ certificatePem, privateKeyPem }: Signer): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem))
  } catch {
    return false
  }
}

async function found({
  stateDir,
  trustDomain,
  nowMs,
}: {
  readonly stateDir: string
  readonly trustDomain: string
  readonly nowMs: number
}): Promise<Signer> {
  const made = await createRoot({ organization: trustDomain, nowMs, ttlMs: ROOT_TTL_MS })
  const signer: Signer = { ...made, certificatePem: `${made.certificatePem.trimEnd()}\n` }
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  // Certificate and key are one file, so that no crash leaves one without the other.
  writeWhole(join(stateDir, ROOT), signer.certificatePem + signer.privateKeyPem, 0o600)
  return signer
}

const ROOT = 'root.pem'
const KEY = '-----BEGIN PRIVATE KEY-----'

function writeWhole(file: string, text: string, mode: number): void {
  const next = `${file}.${process.pid}.next`
  writeFileSync(next, text, { mode })
  renameSync(next, file)
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
