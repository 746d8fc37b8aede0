import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensurePack } from './ensure.mjs'

const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const MAIN = 'apps/one/src/main.ts'

let root: string
let now = 1_000_000_000

/** A checkout: its own tools, one binary, a package of its own and installed ones. */
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-pack-')))
  cpSync(join(import.meta.dirname, '..'), join(root, 'tools/setup'), { recursive: true })
  write({
    'package.json': '{ "type": "module" }',
    'node_modules/.package-lock.json': '{}',
    [MAIN]: `import { two } from '@mesh/two'
      import lib, { named } from 'lib'
      import { basename, sep as slash } from 'node:path'
      import * as os from 'node:os'
      import data from '../data.json' with { type: 'json' }
      const late = await import('./late.ts')
      console.log(two(1 as number), named, lib.loaded, basename('a/b'), slash, os.EOL.length, data.it, late.default, process.argv[2])
      console.log(import.meta.url, import.meta.filename, import.meta.dirname)
      process.exitCode = 3`,
    'apps/one/src/late.ts': `export default 'late' as string`,
    'apps/one/data.json': '{ "it": "data" }',
    'packages/two/package.json': '{ "type": "module", "exports": { "@mesh/source": "./src/index.ts", "default": "./dist/index.js" } }',
    'packages/two/src/index.ts': `import { three } from './three.ts'
      export interface Unused { a: string }
      export const two = (n: number): string => 'two ' + three + n + 'ä…'`,
    'packages/two/src/three.ts': `export const three: number = 3`,
    'node_modules/lib/package.json': '{ "main": "lib.js", "version": "1.2.3" }',
    'node_modules/lib/lib.js': `exports.named = 'named'; exports.loaded = [require('./circle'), require('./package.json').version, require('path') === require('node:path'), __filename]
      exports.loaded.push(require('./circle') === exports.loaded[0], typeof require.resolve('./circle'), module.id)`,
    'node_modules/lib/circle.js': `exports.of = require('./lib.js').named; exports.late = () => require('./' + 'unknown')`,
    'node_modules/lib/unknown.js': '',
  })
  mkdirSync(join(root, 'node_modules/@mesh'), { recursive: true })
  symlinkSync(join(root, 'packages/two'), join(root, 'node_modules/@mesh/two'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    now++
    utimesSync(join(root, path), now, now)
  }
}

/** Another text of the same length and time: nothing but a pack still has the one before. */
function swap(path: string, text: string): void {
  const { mtimeMs } = statSync(join(root, path))
  writeFileSync(join(root, path), text)
  utimesSync(join(root, path), mtimeMs / 1000, mtimeMs / 1000)
}

function run(flags: readonly string[] = FLAGS) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, `--require=${join(root, 'tools/setup/from-source.cjs')}`, join(root, MAIN), 'argument'],
    { encoding: 'utf8' },
  )
  return { stdout, stderr, status }
}

function pack(): string | undefined {
  return ensurePack(root, { node: process.execPath, version: process.version })
}

test('a pack runs what the sources say, modules, CommonJS, JSON, links and builtins alike', () => {
  const plain = run()
  expect(plain.stdout).toContain('two 31ä… named')
  expect(plain).toMatchObject({ status: 3, stderr: '' })
  expect(pack()).toBeUndefined()
  expect(run()).toEqual(plain)
})

test('it runs without a look at the sources, and only while they are as they were', () => {
  expect(pack()).toBeUndefined()
  const three = 'packages/two/src/three.ts'
  swap(three, `export const three: number = 4`)
  expect(run().stdout).toContain('two 31')
  write({ [three]: `export const three: number = 5 // other` })
  expect(run().stdout).toContain('two 51')
  expect(pack()).toBeUndefined()
  swap(three, `export const three: number = 6 // other`)
  expect(run().stdout).toContain('two 51')
})

test('other packages than those it was made of, or a Node without what it needs, run the sources', () => {
  expect(pack()).toBeUndefined()
  swap('packages/two/src/three.ts', `export const three: number = 4`)
  expect(run([]).stdout).toContain('two 41')
  write({ 'node_modules/.package-lock.json': '{ "packages": {} }' })
  expect(run().stdout).toContain('two 41')
})

test('what cannot run is not packed, and said', () => {
  write({ 'packages/two/src/index.ts': `import { four } from './three.ts'; export const two = four` })
  expect(pack()).toContain("does not provide an export named 'four'")
  expect(run().stderr).toContain('four')
})

test('a pack that is cut off, or no pack at all, is none', () => {
  expect(pack()).toBeUndefined()
  const file = execFileSync('find', [join(root, 'node_modules/.cache'), '-name', '*.pack'], { encoding: 'utf8' }).trim()
  const whole = readFileSync(file)
  for (const other of [whole.subarray(0, -1), whole.subarray(0, 2), Buffer.from('no pack'), Buffer.from('\x02\0\0\0{}')]) {
    writeFileSync(file, other)
    expect(run().stdout).toContain('two 31')
  }
})
