import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runToEnd } from './child.mjs'
import { isInstalled } from './installed.mjs'
import { compileCache, meshEnvironment, meshNode, sourceArgs } from './node.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const MAIN = join(ROOT, 'apps/meshctl/src/main.ts')

await runScript(async () => {
  const installed = isInstalled(ROOT, 'run')
  if (!installed) await install()
  // npm runs a script in the folder of its package.json, whichever the caller stood in.
  if (process.env['npm_lifecycle_event'] === 'meshctl') process.chdir(process.env['INIT_CWD'] ?? '.')
  const node = meshNode(ROOT)
  const [command] = process.argv.slice(2)
  if (!installed || command === 'up') await pack()
  // A mesh passes on to its processes how it was itself started.
  if (node === process.execPath && command !== 'up') return runHere()
  return runToEnd(node, [...sourceArgs(ROOT), MAIN, ...process.argv.slice(2)], { cwd: process.cwd(), env: meshEnvironment(ROOT) })
})

/** Loaded only where it is needed: a question to the mesh should take no time. */
async function install() {
  const { ensureInstalled } = await import('./install.mjs')
  await ensureInstalled(ROOT, 'run')
}

async function pack() {
  const { ensureOwnPack } = await import('./pack/ensure.mjs')
  ensureOwnPack(ROOT)
}

/** Saves a process where this one will do. */
async function runHere() {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(process.env['NODE_COMPILE_CACHE'] ?? compileCache(ROOT))
  await import('./known-paths.mjs')
  await import(pathToFileURL(MAIN).href)
  return Number(process.exitCode ?? 0)
}
