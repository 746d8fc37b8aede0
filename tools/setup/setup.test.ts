import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runToEnd } from './child.mjs'
import { installFailure } from './install.mjs'
import { isInstalled, NODE_PACKAGE, unpacked } from './installed.mjs'
import { fetchNode24 } from './node-24.mjs'
import { assertNodeStarts, nodeFailure } from './node.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-setup-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

const LOCK = {
  packages: {
    '': { version: '1.0.0' },
    'packages/core': { version: '0.1.0', bin: { mesh: 'bin/mesh.mjs', 'mesh-built': 'dist/main.js' } },
    'node_modules/@mesh/core': { link: true },
    'node_modules/yaml': { version: '2.9.1' },
    'node_modules/vitest': { version: '5.1.0', dev: true },
    'node_modules/only-on-windows': { version: '1.0.0', optional: true },
  },
}

function write(file: string, content: unknown): void {
  mkdirSync(join(root, file, '..'), { recursive: true })
  writeFileSync(join(root, file), JSON.stringify(content))
}

test('an empty folder is not installed', () => {
  write('package-lock.json', LOCK)
  expect(isInstalled(root, 'run')).toBe(false)
})

test('running needs no development tools, tests do', () => {
  write('package-lock.json', LOCK)
  write(NODE_PACKAGE, '')
  write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.9.1' } } })
  write('node_modules/@mesh/core/package.json', {})
  write('node_modules/.bin/mesh', '')
  expect(isInstalled(root, 'run')).toBe(true)
  expect(isInstalled(root, 'all')).toBe(false)
})

test('what a package of this repository can do without, running needs not, and tests do', () => {
  write('package-lock.json', {
    packages: {
      'packages/io': { optionalDependencies: { koffi: '3.3.4' } },
      'node_modules/koffi': { version: '3.3.4', optional: true },
      'node_modules/only-on-windows': { version: '1.0.0', optional: true },
    },
  })
  write(NODE_PACKAGE, '')
  write('node_modules/.package-lock.json', { packages: {} })
  expect([isInstalled(root, 'run'), isInstalled(root, 'all')]).toEqual([true, false])
  write('node_modules/.package-lock.json', { packages: { 'node_modules/koffi': { version: '3.3.4' } } })
  expect(isInstalled(root, 'all')).toBe(true)
})

test('a package of this repository that is new since the last install is missing', () => {
  write('package-lock.json', LOCK)
  write(NODE_PACKAGE, '')
  write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.9.1' } } })
  expect(isInstalled(root, 'run')).toBe(false)
})

test('a command of this repository that is new since the last install is missing; one that is built later is not', () => {
  write('package-lock.json', LOCK)
  write(NODE_PACKAGE, '')
  write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.9.1' } } })
  write('node_modules/@mesh/core/package.json', {})
  expect(isInstalled(root, 'run')).toBe(false)
  write('node_modules/.bin/mesh', '')
  expect(isInstalled(root, 'run')).toBe(true)
})

test('progress counts the packages that are unpacked, not their empty folders', () => {
  write('package-lock.json', LOCK)
  mkdirSync(join(root, 'node_modules/vitest'), { recursive: true })
  write('node_modules/yaml/package.json', {})
  expect([unpacked(root, 'run'), unpacked(root, 'all')]).toEqual([
    { count: 1, total: 1 },
    { count: 1, total: 2 },
  ])
})

test('another version than the locked one is installed anew', () => {
  write('package-lock.json', LOCK)
  write(NODE_PACKAGE, '')
  write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.9.0' } } })
  expect(isInstalled(root, 'run')).toBe(false)
})

test.each([
  ['npm error code ENOTFOUND\nnpm error errno ENOTFOUND', /^No network: .*ENOTFOUND/],
  ['npm error code ECONNREFUSED', /^No network/],
  ['Error: spawn npm ENOENT', /npm is not on the PATH/],
  ['npm error code EUSAGE\nnpm error `npm ci` can only install', /^npm ci failed:\nnpm error code EUSAGE/],
])('a failed install is told: %s', (output, told) => {
  expect(installFailure(output)).toMatch(told)
})

test('a Node 24 that cannot be fetched is told with the reason of npm', async () => {
  vi.stubEnv('npm_config_offline', 'true')
  vi.stubEnv('npm_config_cache', join(root, 'empty-cache'))
  const fetched = await fetchNode24(root)
  vi.unstubAllEnvs()
  expect(fetched).toEqual({ missing: expect.stringMatching(/^npm install failed:[^]*ENOTCACHED/) })
})

test('a missing libatomic is told in one sentence with the package to install', () => {
  const output = 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory'
  expect(nodeFailure(output)).toMatch(/^libatomic\.so\.1 is missing.*apt-get install libatomic1/)
  expect(nodeFailure(output)).not.toContain('\n')
})

test('a Node that cannot start is told, and taken off the PATH so that these scripts still start', () => {
  const bin = join(root, 'node_modules/.bin/node')
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
  writeFileSync(
    bin,
    '#!/bin/sh\necho "error while loading shared libraries: libatomic.so.1: cannot open shared object file" >&2\nexit 127\n',
    { mode: 0o755 },
  )
  expect(() => assertNodeStarts(root, bin)).toThrow(/^libatomic\.so\.1 is missing/)
  expect(existsSync(bin)).toBe(false)
})

test("the command's exit code is handed on, and that of a signal as a shell tells it", async () => {
  expect(await runToEnd(process.execPath, ['-e', 'process.exit(7)'], { cwd: root })).toBe(7)
  expect(await runToEnd(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1e9)'], { cwd: root })).toBe(
    143,
  )
})

test('the meshctl that npm links runs from source, wherever it is called', () => {
  const { bin } = JSON.parse(readFileSync(join(import.meta.dirname, '../../apps/meshctl/package.json'), 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>
  }
  const file = join(import.meta.dirname, '../../apps/meshctl', bin['meshctl'] ?? '')
  const version = spawnSync(process.execPath, [file, 'version'], { cwd: root, encoding: 'utf8' })
  expect(version.stdout).toMatch(/^client version: \d/)
  const unknown = spawnSync(process.execPath, [file, 'nothing-like-this'], { cwd: root, encoding: 'utf8' })
  expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown command') })
})
