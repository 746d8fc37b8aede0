import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { meshNode, meshNodeVersion } from '../node.mjs'
import { hasSamePackages, isUnchanged, openPack, packFile } from './format.cjs'

const WRITE = join(dirname(fileURLToPath(import.meta.url)), 'write.mjs')
const ARGS = ['--no-warnings', '--experimental-vm-modules', '--experimental-import-meta-resolve', '--conditions=@mesh/source', WRITE]

/**
 * Makes the pack of a checkout, for the Node that runs it, where there is none of today's sources. Without one the mesh starts from its sources, more slowly.
 * @param {string} root
 */
export function ensureOwnPack(root) {
  const failure = ensurePack(root, { node: meshNode(root), version: meshNodeVersion(root) })
  if (failure !== undefined) process.stderr.write(`The sources cannot be packed, so that each start takes longer: ${failure}\n`)
}

/**
 * @param {string} root
 * @param {{ node: string, version: string }} by the Node that will run it
 * @returns {string | undefined} what went wrong
 */
export function ensurePack(root, { node, version }) {
  const index = openPack(packFile(root, version))?.index
  if (index !== undefined && hasSamePackages(root, index) && index.entries.every((entry) => isUnchanged(root, entry))) return undefined
  const { status, stderr, error } = spawnSync(node, [...ARGS, root], { encoding: 'utf8' })
  return status === 0 ? undefined : `${stderr ?? ''}${error === undefined ? '' : String(error)}`.trim()
}
