import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { meshNode } from './node.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

await runScript(async () => {
  await ensureInstalled(ROOT, 'all')
  return runToEnd(meshNode(ROOT), ['--conditions=@mesh/source', join(ROOT, 'tools/docs/main.ts')], { cwd: ROOT, env: process.env })
})
