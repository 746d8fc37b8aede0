import { enableCompileCache } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { compileCache, meshEnvironment, meshNode, sourceArgs } from './node.mjs'
import { ensureOwnPack } from './pack/ensure.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const MAIN = join(ROOT, 'apps/mesh-proxy/src/main.ts')

await runScript(async () => {
  if (await ensureInstalled(ROOT, 'run')) ensureOwnPack(ROOT)
  const node = meshNode(ROOT)
  if (node !== process.execPath)
    return runToEnd(node, [...sourceArgs(ROOT), MAIN, ...process.argv.slice(2)], { cwd: process.cwd(), env: meshEnvironment(ROOT) })
  enableCompileCache(process.env['NODE_COMPILE_CACHE'] ?? compileCache(ROOT))
  await import('./known-paths.mjs')
  await import(pathToFileURL(MAIN).href)
  return 0
})
