import { parse } from 'yaml'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StoreMesh } from '../testdata/store-mesh.ts'

const CONFIG = `# about reviews
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, labels: {team: shop}}
spec:
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews}}], timeout: 2s}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: other}
spec: {host: reviews}
---
apiVersion: v1
kind: Secret
metadata: {name: key}
data: {password: aHVudGVyMg==}
`
const BROKEN = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: broken}\nspec: {hosts: [reviews], htp: []}\n'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

let mesh: StoreMesh
beforeEach(async () => {
  mesh = new StoreMesh()
  await mesh.start({ 'config/all.yaml': CONFIG, 'config/broken.yaml': BROKEN })
})
afterEach(() => mesh.stop())

const rows = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))

test('get prints tables with what is in force and how many proxies serve it', async () => {
  expect(rows((await mesh.meshctl('get', 'vs')).stdout)).toEqual([
    ['NAME', 'GATEWAYS', 'HOSTS', 'IN FORCE', 'PROXIES'],
    ['broken', '["reviews"]', 'no', '-'],
    ['reviews', '["reviews"]', 'yes', '1/1'],
  ])
  expect(rows((await mesh.meshctl('get', 'vs', 'reviews', '-o', 'wide')).stdout)[1]).toEqual([
    'reviews',
    '["reviews"]',
    'yes',
    '1/1',
    expect.stringMatching(/^[0-9a-f]{12}$/),
    '3',
    'config/all.yaml:2',
  ])
  const all = (await mesh.meshctl('get', 'vs,dr', '-A')).stdout
  expect(all).toMatch(
    /^NAMESPACE +NAME[^]*default +virtualservice\.networking\.istio\.io\/reviews[^]*\n\nNAMESPACE[^]*other +destinationrule/,
  )
})

test('an object is printed as its file says it, with version, generation and status', async () => {
  const { stdout } = await mesh.meshctl('get', 'vs/reviews', '-o', 'yaml')
  expect(parse(stdout)).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'reviews',
      namespace: 'default',
      labels: { team: 'shop' },
      generation: 3,
      resourceVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    },
    spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }], timeout: '2s' }] },
    status: expect.objectContaining({ observedGeneration: 3, proxies: { concerned: 1, serving: 1, lagging: [], refused: [] } }),
  })
  const list = JSON.parse((await mesh.meshctl('get', 'vs,secret', '-o', 'json')).stdout) as { kind: string; items: { kind: string }[] }
  expect([list.kind, list.items.map((item) => item.kind)]).toEqual(['List', ['VirtualService', 'VirtualService', 'Secret']])
  expect((await mesh.meshctl('get', 'vs', '-o', 'name')).stdout).toBe(
    'virtualservice.networking.istio.io/broken\nvirtualservice.networking.istio.io/reviews\n',
  )
})

test('names are looked for in the namespace that is said, by -n or after a dot; what is not there is told', async () => {
  expect((await mesh.meshctl('get', 'dr', 'reviews', '-n', 'other', '-o', 'name')).stdout).toContain('/reviews')
  expect((await mesh.meshctl('get', 'dr', 'reviews.other', '-o', 'name')).stdout).toContain('/reviews')
  expect(await mesh.meshctl('get', 'dr', 'reviews')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'DestinationRule default/reviews not found.\n',
  })
  expect(await mesh.meshctl('get', 'gw')).toMatchObject({ code: 0, stdout: '', stderr: 'No objects found in namespace default.\n' })
})

test('describe tells everything about an object, and of a secret no secret', async () => {
  mesh.proxies = [{ name: 'reviews-0', namespace: 'default', state: 'refused', reason: 'RDS http_proxy: no' }]
  const told = (await mesh.meshctl('describe', 'vs', 'reviews')).stdout
  for (const line of [
    /^Name: +reviews$/m,
    /^Labels: +team=shop$/m,
    /^File: +config\/all\.yaml:2$/m,
    /^Proxies: +0\/1$/m,
    /^ {2}reviews-0\.default {2}refused {2}RDS http_proxy: no$/m,
    /^ {2}hosts:$/m,
  ])
    expect(told).toMatch(line)
  const secret = (await mesh.meshctl('describe', 'secret', 'key')).stdout
  expect([secret.includes('aHVudGVyMg'), secret.includes('password: 12 characters')]).toEqual([false, true])
})

test('without a pilot objects are shown, and what is in force is not known', async () => {
  await mesh.silence()
  const alone = await mesh.meshctl('get', 'vs', 'reviews')
  expect([alone.code, rows(alone.stdout)[1]]).toEqual([0, ['reviews', '["reviews"]', '<unknown>', '<unknown>']])
  expect(alone.stderr).toContain('What is in force is not known.')
})
