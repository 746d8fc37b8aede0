import { spawn } from 'node:child_process'
import { isInstalled, unpacked } from './installed.mjs'
import { say, SetupError } from './say.mjs'

const PROGRESS_EVERY_MS = 3000
const MAX_KEPT_OUTPUT = 64 * 1024
const OLDEST_NODE = 20
/** Quiet, and no longer than needed on a machine without a network. */
const NPM_FLAGS = [
  '--prefer-offline',
  '--loglevel=error',
  '--no-progress',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
]

/**
 * Installs what is missing, at the locked versions; answers whether something was.
 * @param {string} root
 * @param {import('./installed.mjs').Extent} extent
 */
export async function ensureInstalled(root, extent) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: this needs Node ${OLDEST_NODE} or newer to set itself up (https://nodejs.org).`,
    )
  }
  if (isInstalled(root, extent)) return false
  const what = extent === 'run' ? 'what running needs' : 'everything that tests and checks need'
  say(`Installing ${what} (once, about a minute) ...`)
  const started = Date.now()
  const progress = setInterval(() => say(`  ${progressLine(root, extent, Date.now() - started)}`), PROGRESS_EVERY_MS)
  try {
    await npmCi(root, extent)
  } finally {
    clearInterval(progress)
  }
  if (!isInstalled(root, extent))
    throw new SetupError(
      'npm ended well, but packages of package-lock.json are missing from node_modules: remove that folder and start again.',
    )
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
  return true
}

/**
 * @param {string} root
 * @param {import('./installed.mjs').Extent} extent
 */
async function npmCi(root, extent) {
  const { code, output } = await runNpm(['ci', ...(extent === 'run' ? ['--omit=dev'] : [])], root)
  if (code !== 0) throw new SetupError(installFailure(output))
}

/**
 * Runs npm to its end, by the one that runs this script where that is npm's; answers the last of what it said, too.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runNpm(args, cwd) {
  const all = [...args, ...NPM_FLAGS]
  const npm = process.env['npm_execpath']
  const child =
    npm === undefined || !npm.endsWith('.js')
      ? spawn('npm', all, { cwd, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(process.execPath, [npm, ...all], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (/** @type {Buffer} */ piece) => {
    output = (output + piece.toString()).slice(-MAX_KEPT_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: `${output}${String(error)}` }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

/**
 * What to tell of an npm that failed.
 * @param {string} output
 */
export function installFailure(output, command = 'npm ci') {
  const network = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/.exec(output)
  if (network !== null)
    return `No network: npm cannot reach its registry (${network[1]}); connect, or set npm's registry or proxy, and start again.`
  if (/spawn npm ENOENT/.test(output)) return 'npm is not on the PATH: install it beside Node and start again.'
  if (/\bENOSPC\b/.test(output)) return 'The disk is full: the install needs about 600 MB.'
  return `${command} failed:\n${output.trim()}`
}

/**
 * @param {string} root
 * @param {import('./installed.mjs').Extent} extent
 * @param {number} elapsedMs
 */
function progressLine(root, extent, elapsedMs) {
  const { count, total } = unpacked(root, extent)
  const doing = count === total ? 'fetching Node 26' : `${count} of ${total} packages unpacked`
  return `${Math.round(elapsedMs / 1000)} s, ${doing}`
}
