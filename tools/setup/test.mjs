import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { assertNodeStarts, meshNode } from './node.mjs'
import { runScript, say } from './say.mjs'
import { runSuite, tell } from './suite.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

await runScript(async () => {
  await ensureInstalled(ROOT, 'all')
  assertNodeStarts(ROOT)
  const unit = await suite('unit', ['--reporter=default'])
  const e2e = existsSync(join(ROOT, 'e2e/vitest.config.ts'))
    ? await suite('e2e', ['--config', 'e2e/vitest.config.ts', '--reporter=verbose'])
    : undefined
  const suites = e2e === undefined ? [unit] : [unit, e2e]
  say('')
  for (const result of suites) tell(result)
  return suites.every(({ code }) => code === 0) ? 0 : 1
})

/**
 * @param {string} name
 * @param {readonly string[]} args
 */
function suite(name, args) {
  return runSuite({ root: ROOT, name, node: meshNode(ROOT), args })
}
