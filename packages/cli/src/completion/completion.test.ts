import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { namesOf, pathsOf } from './names-of.ts'

const MAIN = join(import.meta.dirname, '../../../../apps/meshctl/src/main.ts')
let dir: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-completion-'))
  mkdirSync(join(dir, '.mesh'), { mode: 0o700 })
  mkdirSync(join(dir, 'config'))
  writeFileSync(join(dir, 'mesh.yaml'), '')
  const workload = (name: string, namespace: string) => ({ name, namespace, address: '127.64.0.2' })
  const workloads = [workload('reviews-v1-0', 'default'), workload('gateway-0', 'istio-system')]
  writeFileSync(join(dir, '.mesh/run.json'), JSON.stringify({ workloads }), { mode: 0o600 })
})

afterAll(() => rmSync(dir, { recursive: true }))

const meshctl = (...args: string[]): string =>
  execFileSync(process.execPath, ['--conditions=@mesh/source', MAIN, ...args], { cwd: dir, encoding: 'utf8' })
const offered = (...words: string[]): string[] =>
  meshctl('complete', '--', ...words)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(':'))
    .map((line) => line.split('\t')[0] ?? '')

test('commands are offered, below their aliases too', () => {
  expect(offered('expl')).toEqual(['explain'])
  expect(offered('pc', 'li')).toEqual(['listener'])
})

test('workloads and namespaces of the mesh that runs here are offered', () => {
  expect(offered('pc', 'listener', '')).toEqual(['reviews-v1-0', 'gateway-0'])
  expect(offered('explain', '--from', 'rev')).toEqual(['reviews-v1-0'])
  expect(namesOf(dir, 'namespace').map((one) => one.value)).toEqual(['default', 'istio-system'])
  expect(namesOf(tmpdir(), 'workload')).toEqual([])
})

test('choices and files are offered', () => {
  expect(offered('explain', '--output', '')).toEqual(['table', 'json', 'yaml'])
  expect(offered('validate', 'conf')).toEqual(['config/'])
  expect(pathsOf(dir, 'nowhere/')).toEqual([])
})

test.each(['bash', 'zsh', 'fish'])('there is a script for %s, and the shell can read it', (shell) => {
  const script = meshctl('completion', shell)
  expect(script).toContain('meshctl complete --')
  if (shell === 'bash') execFileSync('bash', ['-n'], { input: script })
})
