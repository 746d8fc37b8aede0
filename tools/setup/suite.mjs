import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runToEnd } from './child.mjs'
import { say } from './say.mjs'

/** @typedef {{ name: string, code: number, passed: number, failed: number, skipped: number }} SuiteResult */

/**
 * Runs vitest to its end by a certain Node, and answers its exit code and counts.
 * @param {{ root: string, name: string, node: string, args: readonly string[] }} suite
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite({ root, name, node, args }) {
  const reports = join(root, 'node_modules/.cache/mesh-tests')
  const report = join(reports, `${name}.json`)
  mkdirSync(reports, { recursive: true })
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}` }
  const all = [vitest, 'run', ...args, '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
  const code = await runToEnd(node, all, { cwd: root, env })
  return { name, code, ...countsOf(report) }
}

/** @param {SuiteResult} result */
export function tell({ name, passed, failed, skipped }) {
  say(`${name}: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
}

/** @param {string} report */
function countsOf(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'))
  return { passed: Number(numPassedTests), failed: Number(numFailedTests), skipped: Number(numPendingTests) + Number(numTodoTests) }
}
