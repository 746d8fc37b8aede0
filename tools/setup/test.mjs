import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { assertNodeStarts, meshNode } from './node.mjs'
import { runScript, say } from './say.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const REPORTS = join(ROOT, 'node_modules/.cache/mesh-tests')

await runScript(async () => {
  await ensureInstalled(ROOT, 'all')
  assertNodeStarts(ROOT)
  mkdirSync(REPORTS, { recursive: true })
  const unit = await suite('unit', [])
  const e2e = existsSync(join(ROOT, 'e2e/vitest.config.ts')) ? await suite('e2e', ['--config', 'e2e/vitest.config.ts']) : undefined
  const suites = e2e === undefined ? [unit] : [unit, e2e]
  say('')
  for (const { name, passed, failed, skipped } of suites)
    say(`${name}: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
  return suites.every(({ code }) => code === 0) ? 0 : 1
})

/**
 * @param {string} name
 * @param {readonly string[]} args
 */
async function suite(name, args) {
  const report = join(REPORTS, `${name}.json`)
  rmSync(report, { force: true })
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const node = meshNode(ROOT)
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}` }
  const all = [
    vitest,
    'run',
    ...args,
    `--reporter=${name === 'e2e' ? 'verbose' : 'default'}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]
  const code = await runToEnd(node, all, { cwd: ROOT, env })
  return { name, code, ...countsOf(report) }
}

/** @param {string} report */
function countsOf(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'))
  return { passed: Number(numPassedTests), failed: Number(numFailedTests), skipped: Number(numPendingTests) + Number(numTodoTests) }
}
