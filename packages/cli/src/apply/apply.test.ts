import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAIN } from '../testdata/meshctl.ts'
import { StoreMesh } from '../testdata/store-mesh.ts'

const rule = (weight: number, field = 'subset'): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - route:
    - {destination: {host: reviews, ${field}: v1}, weight: ${weight}}
    - {destination: {host: reviews, ${field}: v2}, weight: ${100 - weight}}
`
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reviews}\n'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

let mesh: StoreMesh
beforeEach(async () => {
  mesh = new StoreMesh()
  await mesh.start({ 'config/all.yaml': ACCOUNT, 'reviews.yaml': rule(80), 'bad.yaml': rule(80, 'subst') })
})
afterEach(() => mesh.stop())

test('apply puts an object into the mesh, says what it did, and waits when it is asked to', async () => {
  expect(await mesh.meshctl('apply', '-f', 'reviews.yaml')).toMatchObject({ code: 0, stdout: 'VirtualService default/reviews created\n' })
  expect(mesh.read('config/applied/reviews.yaml')).toBe(rule(80))
  mesh.write('reviews.yaml', rule(60))
  const waited = await mesh.meshctl('apply', '--wait', '-f', 'reviews.yaml')
  expect([waited.code, waited.stdout]).toEqual([
    0,
    expect.stringMatching(/^VirtualService default\/reviews configured · 1\/1 proxy on [0-9a-f]{12} in \d+\.\d s\n$/),
  ])
  expect(await mesh.meshctl('apply', '-f', 'reviews.yaml')).toMatchObject({ stdout: 'VirtualService default/reviews unchanged\n' })
})

test('a wait that fails says which proxy lags or refuses and why, and exits with 1', async () => {
  mesh.proxies = [
    { name: 'a', namespace: 'default', state: 'refused', reason: 'LDS x: port taken' },
    { name: 'b', namespace: 'default', state: 'lagging', reason: 'it has not answered RDS for 1.0 s' },
    { name: 'c', namespace: 'default', state: 'serving' },
  ]
  const failed = await mesh.meshctl('apply', '--wait', '--timeout', '1s', '-f', 'reviews.yaml')
  expect([failed.code, failed.stdout.split('\n').slice(1, 3)]).toEqual([
    1,
    ['  refused  a.default  LDS x: port taken', '  lagging  b.default  it has not answered RDS for 1.0 s'],
  ])
  expect(await mesh.meshctl('apply', '--wait=30', '-f', 'reviews.yaml')).toMatchObject({ code: 0 })
})

test('Ctrl-C gives the wait up and says how far it was; the change stays', async () => {
  mesh.proxies = [
    { name: 'a', namespace: 'default', state: 'serving' },
    { name: 'b', namespace: 'default', state: 'lagging', reason: 'it has not answered RDS for 1.0 s' },
  ]
  const args = ['--conditions=@mesh/source', MAIN, 'apply', '--wait', '--timeout', '60', '-f', 'reviews.yaml']
  const child = spawn(process.execPath, args, { cwd: mesh.dir, stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.on('data', (piece: Buffer) => {
    if (stdout === '') child.kill('SIGINT')
    stdout += piece.toString()
  })
  const [code] = await once(child, 'close')
  expect([code, stdout]).toEqual([
    130,
    expect.stringMatching(/^VirtualService default\/reviews created · the wait was given up after .*: (?:1\/2 proxies on|pilot had not)/),
  ])
  expect(mesh.read('config/applied/reviews.yaml')).toBe(rule(80))
  expect(() => mesh.read('config/.meshctl.lock')).toThrow('ENOENT')
})

test('several objects are told line by line, and what is waited for below them', async () => {
  mesh.write('both.yaml', `${rule(80)}---\n${ACCOUNT}`)
  const both = await mesh.meshctl('apply', '--wait', '-f', 'both.yaml')
  expect(both.stdout.split('\n')).toEqual([
    'VirtualService default/reviews created',
    'ServiceAccount default/reviews unchanged',
    expect.stringMatching(/^1\/1 proxy on/),
    '',
  ])
})

test.each(['apply', 'create', 'replace'])('%s refuses an invalid set with its findings, and nothing changes', async (verb) => {
  mesh.write('set.yaml', `${ACCOUNT.replace('reviews', 'fresh')}---\n${rule(80, 'subst')}`)
  const refused = await mesh.meshctl(verb, '--wait', '-f', 'set.yaml')
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(/^set\.yaml:13:37: error IST0106 Unknown field `subst`\. Write `subset`\./)
  expect(refused.stderr).toMatch(/Nothing is changed\.\n$/)
  expect(() => mesh.read('config/applied/set.yaml')).toThrow('ENOENT')
})

test('create and replace refuse what is there and what is not', async () => {
  expect(await mesh.meshctl('replace', '-f', 'reviews.yaml')).toMatchObject({ code: 1, stderr: expect.stringContaining('does not exist') })
  expect(await mesh.meshctl('create', '-f', 'reviews.yaml')).toMatchObject({ code: 0 })
  expect(await mesh.meshctl('create', '-f', 'reviews.yaml')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exists already (config/applied/reviews.yaml:1)'),
  })
  expect(await mesh.meshctl('replace', '-f', 'reviews.yaml')).toMatchObject({
    code: 0,
    stdout: 'VirtualService default/reviews replaced\n',
  })
})

test('warnings are told and hold nobody up, those that come of what stands beside too', async () => {
  mesh.write('config/service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\nspec: {ports: [{port: 80, name: http}]}\n')
  const warned = await mesh.meshctl('apply', '-f', 'reviews.yaml')
  expect(warned).toMatchObject({ code: 0, stdout: 'VirtualService default/reviews created\n' })
  expect(warned.stderr).toMatch(/config\/applied\/reviews\.yaml:9:\d+: warning IST0101 .*subset "v1"/)
})

test('an object in several files is changed where it is in force, and the others are told', async () => {
  for (const [file, text] of [
    ['a.yaml', rule(80, 'subst')],
    ['b.yaml', rule(10)],
    ['applied/0.yaml', rule(20)],
  ] as const)
    mesh.write(`config/${file}`, text)
  const plan = await mesh.meshctl('apply', '-f', 'reviews.yaml')
  expect(plan).toMatchObject({
    code: 0,
    stdout: 'VirtualService default/reviews configured\n',
    stderr: expect.stringMatching(/in config\/a.yaml:1 too[^]*in config\/b.yaml:1 too/),
  })
  expect([mesh.read('config/b.yaml'), mesh.read('config/applied/reviews.yaml')]).toEqual([rule(10), rule(80)])
})

test('--dry-run says what would be done and does nothing', async () => {
  expect(await mesh.meshctl('apply', '--dry-run', '--wait', '-f', 'reviews.yaml')).toMatchObject({
    code: 0,
    stdout: 'VirtualService default/reviews created (dry run)\n',
  })
  expect(() => mesh.read('config/applied/reviews.yaml')).toThrow('ENOENT')
  expect(await mesh.meshctl('delete', '--dry-run=server', 'sa', 'reviews')).toMatchObject({
    code: 0,
    stdout: 'ServiceAccount default/reviews deleted (dry run)\n',
  })
  expect(mesh.read('config/all.yaml')).toBe(ACCOUNT)
})

test('folders are taken with -R as far down as they go, and what means nothing here is passed over', async () => {
  mesh.write('work/a.yaml', ACCOUNT.replace('reviews', 'a'))
  mesh.write('work/below/b.yaml', `${ACCOUNT.replace('reviews', 'b')}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\n`)
  expect((await mesh.meshctl('apply', '-f', 'work')).stdout).toBe('ServiceAccount default/a created\n')
  const all = await mesh.meshctl('apply', '-R', '-f', 'work', '-o', 'name')
  expect([all.stdout, all.stderr]).toEqual([
    'serviceaccount/a\nserviceaccount/b\n',
    expect.stringContaining('Deployment means nothing to this mesh'),
  ])
})

test('delete takes objects out by name and by file, and says what is not there', async () => {
  await mesh.meshctl('apply', '-f', 'reviews.yaml')
  const waited = await mesh.meshctl('delete', '--wait', 'vs', 'reviews')
  expect([waited.code, waited.stdout]).toEqual([0, expect.stringMatching(/^VirtualService default\/reviews deleted · 1\/1 proxy on/)])
  expect(await mesh.meshctl('delete', 'vs/reviews', 'sa/reviews')).toMatchObject({
    code: 1,
    stdout: 'ServiceAccount default/reviews deleted\n',
    stderr: 'VirtualService default/reviews not found.\n',
  })
})

test('delete takes a whole kind out when that is said, and nothing by a file that holds nothing', async () => {
  expect(await mesh.meshctl('delete', '-f', 'reviews.yaml', '--ignore-not-found')).toMatchObject({ code: 0, stdout: '', stderr: '' })
  expect(await mesh.meshctl('delete', 'vs')).toMatchObject({ code: 2 })
  await mesh.meshctl('apply', '-f', 'reviews.yaml')
  expect(await mesh.meshctl('delete', 'vs,dr', '--all', '-o', 'name')).toMatchObject({
    code: 0,
    stdout: 'virtualservice.networking.istio.io/reviews\n',
  })
})

test('what get prints can be put back: with another content meanwhile it is a conflict', async () => {
  await mesh.meshctl('apply', '-f', 'reviews.yaml')
  const { stdout } = await mesh.meshctl('get', 'vs/reviews', '-o', 'yaml')
  mesh.write('mine.yaml', stdout.replace('weight: 80', 'weight: 70').replace('weight: 20', 'weight: 30'))
  expect(await mesh.meshctl('replace', '-f', 'mine.yaml')).toMatchObject({ code: 0 })
  expect(mesh.read('config/applied/mine.yaml')).not.toMatch(/resourceVersion|generation|status/)
  expect(await mesh.meshctl('replace', '-f', 'mine.yaml')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Conflict: VirtualService default\/reviews/),
  })
})

test('wrong words are told as such, with exit code 2', async () => {
  symlinkSync('loop', join(mesh.dir, 'loop'))
  for (const args of [
    ['apply'],
    ['apply', '-f', 'loop'],
    ['apply', '-f', 'none.yaml'],
    ['apply', '-f', 'reviews.yaml', '--timeout', 'soon'],
    ['apply', '-f', 'reviews.yaml', '--timeout', '1234567890123'],
    ['apply', '--wait=101', '-f', 'reviews.yaml'],
    ['delete', 'vss', 'x'],
    ['get'],
    ['get', 'vs/'],
  ])
    expect([args, (await mesh.meshctl(...args)).code]).toEqual([args, 2])
  expect(mesh.read('config/all.yaml')).toBe(ACCOUNT)
})

test('without a pilot the change is made, and the wait says that nobody answers', async () => {
  await mesh.silence()
  const alone = await mesh.meshctl('apply', '--wait', '--timeout', '0.1', '-f', 'reviews.yaml')
  expect([alone.code, alone.stdout]).toEqual([
    3,
    expect.stringMatching(/created · pilot has not answered for .*\n.*the connection is refused/),
  ])
  expect(mesh.read('config/applied/reviews.yaml')).toBe(rule(80))
})
