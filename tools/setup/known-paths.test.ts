import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const HOOK = new URL('known-paths.mjs', import.meta.url).href

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-known-paths-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function run(...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, join(root, 'main.mjs')], (error, stdout, stderr) => resolve(error === null ? stdout : stderr))
  })
}

test('modules, CommonJS, JSON, links, packages and builtins beside each other are what they are without it', async () => {
  write({
    'package.json': '{ "type": "module", "imports": { "#own": "./own/a.js" } }',
    'main.mjs': `import './own/a.js'; import './own/b.ts'; import './own/old/c.js'; import './own/old/d.js'; import './own/e.cjs'
      import data from './own/f.json' with { type: 'json' }; import './own/linked/g.js'; import './own/linked/h.js'
      import 'lib'; import '#own'; import { sep } from 'node:path'; import 'fs'
      console.log(data.it, sep, (await import('./own/a.js?twice')).who, (await import('./own/b.ts')).who)`,
    'own/a.js': 'export const who = import.meta.url; console.log(who); import "lib"; import "./a2.js"',
    'own/a2.js': 'console.log(import.meta.url)',
    'own/b.ts': 'export const who: string = import.meta.url; console.log(who)',
    'own/old/package.json': '{ "type": "commonjs" }',
    'own/old/c.js': 'console.log(__filename); require("./d.js"); require("../e.cjs"); require("lib")',
    'own/old/d.js': 'console.log(__filename)',
    'own/e.cjs': 'console.log(__filename)',
    'own/f.json': '{ "it": 1 }',
    'far/package.json': '{ "type": "commonjs" }',
    'far/g.js': 'console.log(__filename)',
    'own/linked/h.js': 'console.log(import.meta.url)',
    'node_modules/lib/package.json': '{ "exports": { "import": "./new.mjs", "require": "./old.js" } }',
    'node_modules/lib/new.mjs': 'console.log(import.meta.url)',
    'node_modules/lib/old.js': 'console.log(__filename)',
    'own/node_modules/lib/package.json': '{ "type": "module", "exports": "./nearer.js" }',
    'own/node_modules/lib/nearer.js': 'console.log(import.meta.url)',
  })
  symlinkSync(join(root, 'far/g.js'), join(root, 'own/linked/g.js'))
  const plain = await run()
  expect(plain).toContain('nearer.js')
  expect(await run(`--import=${HOOK}`)).toBe(plain)
})

test.each([
  ['a clone of this repository', 'src/mesh/tools/setup/known-paths.mjs'],
  ['another project', 'elsewhere/tools/setup/known-paths.mjs'],
])('folders of %s below one that is named src each have their own packages', async (_what, hook) => {
  const lib = { 'package.json': '{ "exports": "./lib.mjs" }', 'lib.mjs': 'export const at = import.meta.url' }
  const told = 'import { at } from "lib"; console.log(at)'
  const libs = ['one', 'two'].flatMap((own) =>
    Object.entries(lib).map(([file, text]) => [`src/mesh/${own}/node_modules/lib/${file}`, text]),
  )
  write({
    'main.mjs': 'import "./src/mesh/one/a.mjs"; import "./src/mesh/two/src/b.mjs"; import "./src/mesh/two/bin/c.mjs"',
    'src/mesh/one/a.mjs': told,
    'src/mesh/two/src/b.mjs': `${told}; import "./deep/d.mjs"`,
    'src/mesh/two/src/deep/d.mjs': told,
    'src/mesh/two/bin/c.mjs': told,
    ...Object.fromEntries(libs),
    [hook]: readFileSync(new URL(HOOK), 'utf8'),
  })
  const plain = await run()
  expect(
    plain
      .trim()
      .split('\n')
      .map((at) => /one|two/.exec(at)?.[0]),
  ).toEqual(['one', 'two', 'two', 'two'])
  expect(await run(`--import=${join(root, hook)}`)).toBe(plain)
})

test('a module that is missing is named', async () => {
  write({ 'main.mjs': "import './there.mjs'; import './gone.mjs'", 'there.mjs': '' })
  expect(await run(`--import=${HOOK}`)).toContain(join(root, 'gone.mjs'))
})
