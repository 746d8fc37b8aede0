import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const reviews = (subset: string, field = 'subset'): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        ${field}: ${subset}
`
const write = (path: string, text: string): void => writeFileSync(join(mesh.dir, path), text)
const podOf = async (caller: string): Promise<string | undefined> =>
  /"podname":\s*"(reviews-v\d)/.exec((await ask('http://reviews:9080/reviews/0', { proxy: mesh.proxy(caller).outbound })).body)?.[1]

/** Every file of the configuration with its text. */
function config(folder = join(mesh.dir, 'config')): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

test('apply --wait says how many proxies serve an object and how fast, and explain names its file and line', async () => {
  const created = await mesh.meshctl('apply', '--wait', '-f', 'networking/virtual-service-reviews-80-20.yaml')
  expect([created.code, created.stderr]).toEqual([0, ''])
  const said = /^VirtualService default\/reviews created · (\d+)\/(\d+) proxies on ([0-9a-f]{12}) in \d+\.\d s\n$/.exec(created.stdout)
  expect(said, created.stdout).not.toBeNull()
  expect(said?.[1]).toBe(said?.[2])
  expect(said?.[3]).toBe(await mesh.snapshot())
  expect(mesh.read('config/applied/virtual-service-reviews-80-20.yaml')).toBe(mesh.read('networking/virtual-service-reviews-80-20.yaml'))
  const told = await mesh.meshctl('explain', '--from', 'productpage-v1', 'GET', 'http://reviews:9080/reviews/0')
  expect(told.stdout).toMatch(/config\/applied\/virtual-service-reviews-80-20\.yaml:9:/)
})

test('what apply --wait says is so: under load, the next request of every caller goes by the new rule', async () => {
  const callers = ['productpage-v1', 'client', 'details-v1', 'ratings-v1']
  const stream = new Stream('http://reviews:9080/reviews/0', { lanes: 2, proxy: mesh.proxy('client').outbound })
  for (const version of ['v1', 'v2', 'v3', 'v1']) {
    write('reviews.yaml', reviews(version))
    const applied = await mesh.meshctl('apply', '--wait', '-f', 'reviews.yaml')
    expect(applied.code, applied.stdout + applied.stderr).toBe(0)
    expect(await Promise.all(callers.map(podOf))).toEqual(callers.map(() => `reviews-${version}`))
  }
  expect(failures(await stream.stop())).toEqual([])
})

test.each(['apply', 'create', 'replace'])('%s refuses an invalid object with its findings, and nothing changes', async (verb) => {
  const before = { files: config(), snapshot: await mesh.snapshot() }
  write('bad.yaml', `${reviews('v3')}---\n${reviews('v2', 'subst').replace('name: reviews', 'name: other')}`)
  const refused = await mesh.meshctl(verb, '--wait', '-f', 'bad.yaml')
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(/^bad\.yaml:25:9: error \w+ .*subst.*subset/)
  expect({ files: config(), snapshot: await mesh.snapshot() }).toEqual(before)
})

test('get and describe show the object with its status, and what get printed is put back only on what it was', async () => {
  const printed = await mesh.meshctl('get', 'vs/reviews', '-o', 'yaml')
  expect(printed.code, printed.stderr).toBe(0)
  expect(printed.stdout).toMatch(
    /generation: \d+[^]*observedGeneration: \d+[^]*type: Reconciled\n +status: "True"[^]*concerned: (\d+)\n +serving: \1\n/,
  )
  const described = await mesh.meshctl('describe', 'vs', 'reviews')
  expect(described.stdout).toMatch(/^File: +config\/applied\/reviews\.yaml:1$[^]*Reconciled +True +Served/m)
  expect((await mesh.meshctl('get', 'vs,dr', '-A')).stdout).toMatch(/reviews +\["reviews"\] +yes +(\d+)\/\1/)
  write('mine.yaml', printed.stdout.replace(/subset: v\d/, 'subset: v3'))
  expect(await mesh.meshctl('replace', '--wait', '-f', 'mine.yaml')).toMatchObject({ code: 0 })
  expect(await podOf('client')).toBe('reviews-v3')
  expect(await mesh.meshctl('replace', '-f', 'mine.yaml')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Conflict: VirtualService default\/reviews/),
  })
})

test('an object of a file that people keep is changed in that file, its neighbours and comments stay', async () => {
  const before = mesh.read('config/bookinfo-gateway.yaml')
  const changed = before.slice(before.indexOf('kind: VirtualService')).replace(/^[^]*?kind/, 'kind')
  write('bookinfo.yaml', `apiVersion: networking.istio.io/v1\n${changed.replace('exact: /productpage', 'prefix: /productpage')}`)
  const applied = await mesh.meshctl('apply', '--wait', '-f', 'bookinfo.yaml')
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('VirtualService default/bookinfo configured')])
  const after = mesh.read('config/bookinfo-gateway.yaml')
  expect(after).toContain('prefix: /productpage')
  expect(after.slice(0, after.indexOf('---'))).toBe(before.slice(0, before.indexOf('---')))
})

test('a slow proxy is told as such, a share of the proxies can be enough, and all serve when it goes on', async () => {
  const { pid } = mesh.proxy('reviews-v1')
  write('reviews.yaml', reviews('v2'))
  process.kill(pid, 'SIGSTOP')
  try {
    const slow = await mesh.meshctl('apply', '--wait', '--timeout', '3s', '-f', 'reviews.yaml')
    expect(slow.code).toBe(1)
    expect(slow.stdout).toMatch(
      /^VirtualService default\/reviews configured · 8\/9 proxies on [0-9a-f]{12} after \d+\.\d s\n {2}lagging {2}reviews-v1-0\.default {2}it has not answered RDS/,
    )
    expect(await mesh.meshctl('apply', '--wait=80', '-f', 'reviews.yaml')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('8/9 proxies'),
    })
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  expect(await mesh.meshctl('apply', '--wait', '-f', 'reviews.yaml')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('9/9 proxies'),
  })
})

test('a proxy that refuses is told with its reason at once, and does not hold up others', async () => {
  write(
    'ports.yaml',
    'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: ports}\nspec:\n  workloadSelector: {labels: {app: ratings}}\n  egress:\n  - {port: {number: 15000, protocol: HTTP, name: http}, hosts: ["./*"]}\n  - hosts: ["*/*"]\n',
  )
  const refused = await mesh.meshctl('apply', '--wait', '-f', 'ports.yaml')
  expect([refused.code, refused.stdout]).toEqual([
    1,
    expect.stringMatching(/0\/1 proxy on .*\n {2}refused {2}ratings-v1-0\.default {2}LDS .*15000.* is taken/),
  ])
  expect((await mesh.meshctl('describe', 'sidecar', 'ports')).stdout).toMatch(
    /Reconciled +False +Refused[^]*ratings-v1-0\.default {2}refused/,
  )
  write('reviews.yaml', reviews('v1'))
  expect(await mesh.meshctl('apply', '--wait', '-f', 'reviews.yaml')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('9/9 proxies'),
  })
  expect(await mesh.meshctl('delete', '--wait', 'sidecar/ports')).toMatchObject({ code: 0, stdout: expect.stringContaining('1/1 proxy') })
})

test('a proxy that dies meanwhile is waited for until its successor serves', async () => {
  const { pid } = mesh.proxy('reviews-v3')
  process.kill(pid, 'SIGSTOP')
  write('reviews.yaml', reviews('v3'))
  const waiting = mesh.meshctl('apply', '--wait', '--timeout', '60s', '-f', 'reviews.yaml')
  await until('the others to serve it', async () => (await mesh.meshctl('get', 'vs', 'reviews')).stdout.includes('8/9'))
  process.kill(pid, 'SIGKILL')
  const served = await waiting
  expect([served.code, served.stdout]).toEqual([0, expect.stringContaining('9/9 proxies')])
  expect(mesh.proxy('reviews-v3').pid).not.toBe(pid)
})

test('a change that is made while pilot is away is served when it is back', async () => {
  const { pid } = mesh.run().pilot
  process.kill(pid, 'SIGKILL')
  write('reviews.yaml', reviews('v2'))
  const applied = await mesh.meshctl('apply', '--wait', '--timeout', '60s', '-f', 'reviews.yaml')
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringMatching(/configured · 9\/9 proxies/)])
  expect(await podOf('productpage-v1')).toBe('reviews-v2')
})

test('delete --wait ends when no proxy has the object any more', async () => {
  const deleted = await mesh.meshctl('delete', '--wait', 'vs', 'reviews')
  expect([deleted.code, deleted.stdout]).toEqual([
    0,
    expect.stringMatching(/^VirtualService default\/reviews deleted · (\d+)\/\1 proxies on/),
  ])
  expect(await mesh.meshctl('get', 'vs', 'reviews')).toMatchObject({ code: 1, stderr: 'VirtualService default/reviews not found.\n' })
  const pods = new Set<string | undefined>()
  await until('all versions to serve again', async () => pods.add(await podOf('client')).size === 3)
})
