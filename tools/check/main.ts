import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { checkBoundaries } from './boundaries.ts'
import { checkLinks } from './links.ts'
import { checkPacking } from './packing.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface Step {
  readonly name: string
  /** Answers what is wrong, one line each; none: passed. */
  readonly run: () => Promise<readonly string[]>
}

/** In order of cost; `npm run check -- NAME ...` runs only those named. */
const STEPS: readonly Step[] = [
  { name: 'format', run: () => command('oxfmt', '--check', '.') },
  { name: 'lint', run: () => command('oxlint', '--deny-warnings') },
  { name: 'boundaries', run: async () => checkBoundaries(ROOT) },
  { name: 'links', run: async () => checkLinks(ROOT) },
  { name: 'docs', run: async () => (await import('../docs/check-docs.ts')).checkDocs(ROOT) },
  { name: 'types', run: () => command('tsc', '-b') },
  { name: 'types of tests', run: () => command('tsc', '-p', 'tsconfig.tests.json') },
  { name: 'dead code', run: () => command('knip', '--no-config-hints', '--no-progress') },
  { name: 'protobuf', run: () => command('node', 'tools/protobuf/generate.mjs', '--check') },
  { name: 'packing', run: () => checkPacking(ROOT) },
]

const wanted = process.argv.slice(2)
const steps = STEPS.filter((step) => wanted.length === 0 || wanted.includes(step.name))
let failed = 0
for (const step of steps) {
  const started = performance.now()
  const wrong = await step
    .run()
    .catch((error: unknown): readonly string[] => [error instanceof Error ? (error.stack ?? error.message) : String(error)])
  console.log(`${wrong.length === 0 ? 'passed' : 'FAILED'}  ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  for (const line of wrong) console.log(`    ${line.replaceAll('\n', '\n    ')}`)
  if (wrong.length > 0) failed++
}
console.log(`checks: ${steps.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 && steps.length > 0 ? 0 : 1

/** The output of a command that fails. */
function command(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const child = spawn(name, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()))
  return new Promise((done) => {
    child.once('error', (error) => done([`${name}: ${error.message}`]))
    child.once('close', (code) => done(code === 0 ? [] : [output.trim() === '' ? `${name} ended with code ${code}` : output.trim()]))
  })
}
