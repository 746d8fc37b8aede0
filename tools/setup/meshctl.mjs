import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { meshEnvironment, meshNode, sourceArgs } from './node.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

await runScript(async () => {
  await ensureInstalled(ROOT, 'run')
  const args = [...sourceArgs(ROOT), join(ROOT, 'apps/meshctl/src/main.ts'), ...process.argv.slice(2)]
  return runToEnd(meshNode(ROOT), args, { cwd: process.env['INIT_CWD'] ?? process.cwd(), env: meshEnvironment(ROOT) })
})
