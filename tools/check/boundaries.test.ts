import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkBoundaries } from './boundaries.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-boundaries-'))
  write(
    'docs/architecture.md',
    `# A
## Packages, and who may import whom

| package | what it is | may import |
| --- | --- | --- |
| \`core\` | decides | nothing of ours |
| \`wire\` | bytes | nothing |
| \`proxy\` | sidecar | core, wire |
| \`pilot\` | control plane | core |
| \`apps/*\` | thin | their package |

More text.
`,
  )
  for (const name of ['core', 'wire', 'proxy', 'pilot']) manifest(`packages/${name}`, `@mesh/${name}`)
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function manifest(folder: string, name: string, dependencies: Record<string, string> = {}): void {
  write(`${folder}/package.json`, JSON.stringify({ name, dependencies }))
}

test('this repository keeps its own rules', () => {
  expect(checkBoundaries(resolve(import.meta.dirname, '../..'))).toEqual([])
})

test('what the table allows passes', () => {
  manifest('packages/proxy', '@mesh/proxy', { '@mesh/core': '0.1.0' })
  manifest('apps/mesh-proxy', '@mesh/app-proxy', { '@mesh/proxy': '0.1.0' })
  write('packages/proxy/src/a.ts', "import type { View } from '@mesh/core/view'\nimport { b } from './b.ts'\nimport fs from 'node:fs'\n")
  write('packages/core/src/a.ts', "import { z } from 'zod'\n")
  write('packages/core/src/adapters/undici/a.ts', "import { Agent } from 'undici'\n")
  write('apps/mesh-proxy/src/main.ts', "import { run } from '@mesh/proxy'\n")
  expect(checkBoundaries(root)).toEqual([])
})

test.each([
  ['packages/core/src/a.ts', "import { x } from '@mesh/pilot'", 'packages/core/src/a.ts:1: may not import @mesh/pilot'],
  ['packages/core/src/a.ts', "\nimport type { X } from '@mesh/pilot'", 'packages/core/src/a.ts:2: may not import @mesh/pilot'],
  ['packages/core/src/a.ts', "export * from '@mesh/wire'", 'packages/core/src/a.ts:1: may not import @mesh/wire'],
  ['packages/core/src/a.ts', "import {\n  a,\n  b,\n} from '@mesh/wire'", 'packages/core/src/a.ts:4: may not import @mesh/wire'],
  ['packages/core/src/a.ts', "const x = await import('@mesh/wire')", 'packages/core/src/a.ts:1: may not import @mesh/wire'],
  ['packages/core/src/a.ts', "let x: import('@mesh/wire').X", 'packages/core/src/a.ts:1: may not import @mesh/wire'],
  ['packages/core/src/a.ts', "import '../../wire/src/index.ts'", 'packages/core/src/a.ts:1: leaves its package: ../../wire/src/index.ts'],
  ['packages/pilot/src/a.ts', "import { run } from '@mesh/proxy'", 'packages/pilot/src/a.ts:1: may not import @mesh/proxy'],
  ['packages/pilot/src/a.ts', "import { z } from 'zod'", 'packages/pilot/src/a.ts:1: zod belongs to another package'],
  ['packages/pilot/src/a.ts', "import express from 'express'", 'packages/pilot/src/a.ts:1: express belongs to another package'],
  ['packages/core/src/call/a.ts', "import { Agent } from 'undici'", 'packages/core/src/call/a.ts:1: undici belongs to another package'],
  ['packages/wire/src/a.ts', "import net from 'node:net'", 'packages/wire/src/a.ts:1: node:net has no place on the data path'],
  [
    'packages/proxy/src/a.ts',
    "const http = process.getBuiltinModule('node:http')",
    'packages/proxy/src/a.ts:1: node:http has no place on the data path',
  ],
  [
    'packages/proxy/src/pool/a.ts',
    "import { request } from 'node:http'",
    'packages/proxy/src/pool/a.ts:1: node:http has no place on the data path',
  ],
  [
    'packages/proxy/src/pool/a.ts',
    "import { fetch } from 'undici'",
    'packages/proxy/src/pool/a.ts:1: undici has no place on the data path',
  ],
])('a planted violation is found: %s %s', (file, text, told) => {
  write(file, text)
  expect(checkBoundaries(root)).toEqual([told])
})

test('a planted dependency in package.json is found', () => {
  manifest('packages/core', '@mesh/core', { '@mesh/proxy': '0.1.0', jose: '6.0.0' })
  manifest('apps/mesh-pilot', '@mesh/app-pilot', { '@mesh/proxy': '0.1.0' })
  expect(checkBoundaries(root)).toEqual([
    'packages/core/package.json: may not depend on @mesh/proxy',
    'packages/core/package.json: jose belongs to another package',
    'apps/mesh-pilot/package.json: may not depend on @mesh/proxy',
  ])
})

test('a package that the table does not know is found, tests and comments are left alone', () => {
  manifest('packages/extra', '@mesh/extra')
  write('packages/core/src/a.test.ts', "import { x } from '@mesh/pilot'")
  write('packages/core/src/b.ts', "// import { x } from '@mesh/pilot'\n/* import y from '@mesh/pilot' */\n")
  expect(checkBoundaries(root)).toEqual(['packages/extra: docs/architecture.md does not say what it may import'])
})
