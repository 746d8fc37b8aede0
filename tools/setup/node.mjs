import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_PACKAGE } from './installed.mjs'
import { SetupError } from './say.mjs'

const WANTED_MAJOR = 26

/**
 * The Node that runs the mesh: this one where it is new enough, else the npm package `node`.
 * @param {string} root
 */
export function meshNode(root) {
  return Number.parseInt(process.versions.node, 10) >= WANTED_MAJOR ? process.execPath : join(root, NODE_PACKAGE)
}

/**
 * The version of that Node, such as `v26.1.0`.
 * @param {string} root
 */
export function meshNodeVersion(root) {
  if (meshNode(root) === process.execPath) return process.version
  return `v${JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8')).version}`
}

/**
 * How that Node is told to run the mesh from source; a mesh passes it on to its processes.
 * @param {string} root
 */
export function sourceArgs(root) {
  return ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', `--require=${join(root, 'tools/setup/from-source.cjs')}`]
}

/**
 * The environment of that Node: compiled code is kept from one start to the next, beside the packages, where no other user can write.
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
export function meshEnvironment(root) {
  return { NODE_COMPILE_CACHE: compileCache(root), ...process.env }
}

/** @param {string} root */
export function compileCache(root) {
  return join(root, 'node_modules/.cache/mesh-node')
}

/**
 * Fails with one sentence when that Node cannot start here.
 * @param {string} root
 * @param {string} node
 */
export function assertNodeStarts(root, node = meshNode(root)) {
  if (node === process.execPath) return
  const link = join(root, 'node_modules/.bin/node')
  const { status, stderr, error } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (status === 0) return
  // A node on the PATH that cannot start would keep these very scripts from running.
  rmSync(link, { force: true })
  throw new SetupError(nodeFailure(`${stderr ?? ''}${error === undefined ? '' : String(error)}`))
}

/**
 * Whether the Node of node_modules has been taken off the PATH because it could not start.
 * @param {string} root
 */
export function isOffPath(root) {
  return !existsSync(join(root, 'node_modules/.bin/node'))
}

/**
 * What to tell of a Node that does not start.
 * @param {string} output
 */
export function nodeFailure(output) {
  if (output.includes('libatomic.so.1')) {
    return `libatomic.so.1 is missing, which Node ${WANTED_MAJOR} needs: install it (Debian and Ubuntu: apt-get install libatomic1; Fedora: dnf install libatomic; Alpine: apk add libatomic).`
  }
  const missing = /GLIBC_[\d.]+/.exec(output)
  if (missing !== null)
    return `This system's C library is too old for Node ${WANTED_MAJOR} (${missing[0]} is missing): install Node ${WANTED_MAJOR} of your own and start again.`
  return `Node ${WANTED_MAJOR} from node_modules does not start here: ${output.trim()}`
}
