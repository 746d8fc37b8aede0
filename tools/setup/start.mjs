import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { assertNodeStarts, isOffPath, meshEnvironment, meshNode, sourceArgs } from './node.mjs'
import { ensureOwnPack } from './pack/ensure.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const CANNOT_START = 127

await runScript(async () => {
  const startedAt = Date.now()
  const installed = await ensureInstalled(ROOT, 'run')
  if (installed || isOffPath(ROOT)) assertNodeStarts(ROOT)
  ensureOwnPack(ROOT)
  const before = installed ? `install ${Math.round((Date.now() - startedAt) / 1000)} s` : 'install ok'
  const args = [...sourceArgs(ROOT), join(ROOT, 'apps/meshctl/src/main.ts'), 'up', join(ROOT, 'samples/bookshop'), ...process.argv.slice(2)]
  const code = await runToEnd(meshNode(ROOT), args, {
    cwd: ROOT,
    env: { ...meshEnvironment(ROOT), MESH_STARTED_AT: String(startedAt), MESH_BEFORE: before },
  })
  if (code === CANNOT_START) assertNodeStarts(ROOT)
  return code
})
