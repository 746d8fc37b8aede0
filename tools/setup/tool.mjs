import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { assertNodeStarts, meshNode } from './node.mjs'
import { runScript } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * Runs a development tool of this repository from source, with the arguments of this process, when everything that it needs is there.
 * @param {string} main its file, below the root
 */
export function runTool(main) {
  return runScript(async () => {
    await ensureInstalled(ROOT, 'all')
    assertNodeStarts(ROOT)
    const node = meshNode(ROOT)
    const env = { ...process.env, PATH: `${dirname(node)}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` }
    return runToEnd(node, ['--conditions=@mesh/source', join(ROOT, main), ...process.argv.slice(2)], { cwd: ROOT, env })
  })
}
