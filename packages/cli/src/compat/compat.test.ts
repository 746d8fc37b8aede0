import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { meshctl } from '../testdata/meshctl.ts'
import { replaceTexts } from './replace-texts.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-compat-'))
})

afterEach(() => rmSync(dir, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
const read = (name: string) => readFileSync(join(dir, name), 'utf8')
const run = (...args: string[]) => meshctl(dir, ['compat', ...args])

const rule = (route: string) =>
  `# kept\napiVersion: networking.istio.io/v1alpha3\nkind: VirtualService\nmetadata: {name: reviews}\nspec:\n  hosts: [reviews]\n  http:\n  - ${route}\n    route: [{destination: {host: reviews}}]\n`
const GOOD = rule('timeout: 3s')
const IGNORED = rule('corsPolicy: {maxAge: 1s}').replace('name: reviews', 'name: cors')
const REFUSED = rule('timeuot: 3s').replace('name: reviews', 'name: typo')

test('what works answers 0, in strict words too', async () => {
  write('good.yaml', GOOD)
  const good = await run('--strict', 'good.yaml')
  expect(good).toMatchObject({ code: 0, stderr: '' })
  expect(good.stdout).toMatch(/^VirtualService +3 +0 +0 +0$/m)
  expect(good.stdout).toContain('all is taken: 1 good object in 1 file; uses of fields: 3 work, 0 ignored, 0 refused')
})

test('what is ignored is told with what that means, and answers 1 only when asked to be strict', async () => {
  write('ignored.yaml', IGNORED)
  const ignored = await run('.')
  expect(ignored.code).toBe(0)
  expect(ignored.stdout).toMatch(
    /^ignored VirtualService spec\.http\[\]\.corsPolicy: `corsPolicy` has no effect yet\. See:? .*MESH0101.*\n {2}ignored\.yaml:8:5 VirtualService default\/cors$/m,
  )
  expect((await run('--strict', '.')).code).toBe(1)
})

test('an old spelling of what has no effect is one line, and fixed all the same', async () => {
  write('mirror.yaml', rule('mirror_percent: 10').replace('v1alpha3', 'v1'))
  const { stdout } = await run('--all', '.')
  expect(stdout.match(/^.*mirror_percent.*$/gm)).toEqual([
    expect.stringMatching(
      /^ignored VirtualService spec\.http\[\]\.mirror_percent: `mirror_percent` has no effect yet, and is an old spelling\. Write `mirrorPercentage/,
    ),
  ])
  await run('--fix', '.')
  expect(read('mirror.yaml')).toContain('mirrorPercentage:\n      value: 10\n')
})

test('a kind without effect is told with what that means', async () => {
  write('jwt.yaml', 'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: jwt}\nspec: {}\n')
  expect((await run('.')).stdout).toMatch(
    /^ignored RequestAuthentication: .* has no effect yet\. Tokens are not verified: a request passes/m,
  )
})

test('an object without a name is called by its kind', async () => {
  write('nameless.yaml', 'a: 1\n')
  expect((await run('.')).stdout).toMatch(/^ {2}nameless\.yaml:1:1 Object$/m)
})

test('what is refused is told with what to write, and answers 1', async () => {
  write('good.yaml', GOOD)
  write('refused.yaml', REFUSED)
  const { code, stdout } = await run('.')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^refused VirtualService spec\.http\[\]\.timeuot: Unknown field `timeuot`\. Write `timeout`\. See/m)
  expect(stdout).toMatch(/^not all is taken: 1 good object in 2 files; uses of fields: 3 work, 0 ignored, 1 refused$/m)
})

test('all places of a field are told as JSON, and with --all what works', async () => {
  write('good.yaml', GOOD)
  const json = JSON.parse((await run('-o', 'json', 'good.yaml')).stdout)
  expect(json).toMatchObject({
    files: 1,
    objects: 1,
    works: 3,
    ignored: 0,
    refused: 0,
    kinds: [{ kind: 'VirtualService', works: 3 }],
    entries: [
      {
        field: 'spec.hosts',
        effect: 'works',
        places: [{ object: 'VirtualService default/reviews', file: 'good.yaml', line: 6, column: 3 }],
      },
      { field: 'spec.http[].route[].destination.host' },
      { field: 'spec.http[].timeout' },
    ],
  })
  expect(parse((await run('-o', 'yaml', 'good.yaml')).stdout)).toEqual(json)
  expect((await run('--all', 'good.yaml')).stdout).toMatch(/^works VirtualService spec\.http\[\]\.timeout\n {2}good\.yaml:8:5 /m)
})

test('an export of a cluster is read from standard input', async () => {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [parse(GOOD), { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }],
  }
  const { code, stdout } = await meshctl(dir, ['compat', '-'], JSON.stringify(list, undefined, 2))
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ignored Deployment: Deployment means nothing to this mesh; it is skipped\./m)
  expect(stdout).toMatch(/1 good object in 1 file/)
})

test('what cannot be read is refused, and the rest is told; without a path usage is wrong', async () => {
  write('good.yaml', GOOD)
  symlinkSync('nowhere', join(dir, 'link.yaml'))
  const { code, stdout } = await run('.')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^refused Document: The file cannot be read: ENOENT/m)
  expect(stdout).toMatch(/1 good object in 2 files/)
  expect((await run()).code).toBe(2)
  expect((await run('nowhere')).code).toBe(2)
})

test('a link that leads in a circle is a file that cannot be read, for every command', async () => {
  symlinkSync('loop', join(dir, 'loop'))
  const told = await run('loop')
  expect(told).toMatchObject({ code: 1, stdout: expect.stringMatching(/^refused Document: The file cannot be read: ELOOP/m), stderr: '' })
  const validated = await meshctl(dir, ['validate', 'loop'])
  expect(validated).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^loop: error MESH0001 The file cannot be read: ELOOP/),
    stderr: '',
  })
  expect(await run('--fix', 'loop')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^"loop" cannot be read: ELOOP.*\n$/) })
})

test('--fix writes what is old as it is written today, tells what it did, and then has nothing to do', async () => {
  write('old.yaml', rule('fault: {delay: {percent: 10, fixedDelay: 5s}}'))
  chmodSync(join(dir, 'old.yaml'), 0o640)
  mkdirSync(join(dir, 'deep'))
  write('deep/gateway.yaml', 'apiVersion: apps/v1\nkind: Deployment\n')
  const fixed = await run('--fix', '-R', '.')
  expect(fixed).toMatchObject({ code: 0, stderr: '' })
  expect(fixed.stdout.trimEnd().split('\n')).toEqual([
    'old.yaml:2:1: networking.istio.io/v1alpha3 → networking.istio.io/v1 (VirtualService reviews apiVersion)',
    'old.yaml:8:21: percent: 10 → percentage: {value: 10} (VirtualService reviews spec.http[0].fault.delay.percent)',
    '2 changes made in 1 file',
  ])
  expect(read('old.yaml')).toBe(rule('fault: {delay: {percentage: {value: 10}, fixedDelay: 5s}}').replace('v1alpha3', 'v1'))
  expect(statSync(join(dir, 'old.yaml')).mode & 0o777).toBe(0o640)
  expect(readdirSync(dir).sort()).toEqual(['deep', 'old.yaml'])
  expect((await run('--fix', '-R', '.')).stdout).toBe('nothing to change\n')
})

test('--dry-run only tells, and a link is written through', async () => {
  write('real.yaml', GOOD)
  symlinkSync('real.yaml', join(dir, 'link.yaml'))
  expect((await run('--fix', '--dry-run', 'link.yaml')).stdout).toMatch(/^1 change would be made in 1 file$/m)
  expect(read('real.yaml')).toBe(GOOD)
  const json = JSON.parse((await run('--fix', '-o', 'json', 'link.yaml')).stdout)
  expect(json).toMatchObject({
    dryRun: false,
    files: [{ file: 'link.yaml', changes: [{ line: 2, to: 'networking.istio.io/v1' }], kept: [] }],
  })
  expect(read('real.yaml')).toBe(GOOD.replace('v1alpha3', 'v1'))
  expect(readdirSync(dir)).toContain('link.yaml')
})

test('a file and a link to it are mended together, and when one file has changed since none is', async () => {
  write('real.yaml', GOOD)
  symlinkSync('real.yaml', join(dir, 'link.yaml'))
  expect(await run('--fix', '.')).toMatchObject({ code: 0, stderr: '' })
  expect(read('real.yaml')).toBe(GOOD.replace('v1alpha3', 'v1'))
  write('a.yaml', 'a')
  write('b.yaml', 'saved by somebody')
  const changes = ['a.yaml', 'b.yaml'].map((name) => ({ path: join(dir, name), before: name[0], after: 'new' }))
  expect(() => replaceTexts(changes)).toThrow('b.yaml" has changed since it was read.')
  expect([read('a.yaml'), readdirSync(dir).sort()]).toEqual(['a', ['a.yaml', 'b.yaml', 'link.yaml', 'real.yaml']])
})

test('standard input is mended to standard output, and what changed is told beside it', async () => {
  const { code, stdout, stderr } = await meshctl(dir, ['compat', '--fix', '-'], GOOD)
  expect({ code, stdout }).toEqual({ code: 0, stdout: GOOD.replace('v1alpha3', 'v1') })
  expect(stderr).toContain('stdin:2:1: networking.istio.io/v1alpha3 → networking.istio.io/v1')
})

test('what must stay as it is is told, and answers 1', async () => {
  write(
    'shared.yaml',
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {loadBalancer: {simple: &word LEAST_CONN}}, subsets: [{name: b, labels: {c: *word}}]}\n',
  )
  const { code, stdout } = await run('--fix', 'shared.yaml')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^shared\.yaml:4:48: LEAST_CONN stays: /m)
})
