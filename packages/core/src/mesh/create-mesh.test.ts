import { expect, test } from 'vitest'
import { createMesh } from './create-mesh.ts'

const REVIEWS = `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: default }
spec:
  ports: [{ name: http, port: 9080 }]
  selector: { app: reviews }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: reviews-v1-0, namespace: default }
spec: { address: 127.64.0.5, labels: { app: reviews, version: v1 } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: reviews-v2-0, namespace: default }
spec: { address: 127.64.0.6, labels: { app: reviews, version: v2 } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: default }
spec:
  host: reviews
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
`
const SPLIT = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: default }
spec:
  hosts: [reviews]
  http:
    - match: [{ headers: { end-user: { exact: jason } } }]
      route: [{ destination: { host: reviews, subset: v2 } }]
    - timeout: 3s
      route:
        - { destination: { host: reviews, subset: v1 }, weight: 80 }
        - { destination: { host: reviews, subset: v2 }, weight: 20 }
`
const self = { namespace: 'default', labels: { app: 'productpage' } }

test('explain tells route, shares, endpoints and time, each with its line', () => {
  const mesh = createMesh({
    config: [
      { file: 'registry.yaml', text: REVIEWS },
      { file: 'reviews.yaml', text: SPLIT },
    ],
    self,
  })
  const { outcome, reasons } = mesh.explain('http://reviews:9080/reviews/0')
  expect(outcome).toMatchObject({
    kind: 'forward',
    timeoutMs: 3000,
    shares: [
      { percent: 80, endpoints: [{ endpoint: { address: '127.64.0.5' }, security: 'plain', authorization: 'allowed' }] },
      { percent: 20, endpoints: [{ endpoint: { address: '127.64.0.6' }, authorization: 'allowed' }] },
    ],
  })
  const route = reasons.find(({ stage }) => stage === 'route')
  expect(route?.origin).toMatchObject({ file: 'reviews.yaml', kind: 'VirtualService' })
  expect(route?.nearMisses?.[0]?.why).toBe('header end-user is absent, wanted exactly "jason"')
})

test('explain follows the headers that are asked about', () => {
  const mesh = createMesh({ config: [REVIEWS, SPLIT], self })
  const { outcome } = mesh.explain({ url: 'http://reviews:9080/', headers: { 'End-User': 'jason' } })
  expect(outcome).toMatchObject({ kind: 'forward', shares: [{ percent: 100, endpoints: [{ endpoint: { address: '127.64.0.6' } }] }] })
})

test('explain asks the policies of the destination', () => {
  const deny = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: default }
spec:
  selector: { matchLabels: { app: reviews } }
  action: DENY
  rules: [{ to: [{ operation: { methods: [POST] } }] }]
`
  const mesh = createMesh({ config: [REVIEWS, { file: 'deny.yaml', text: deny }], self })
  expect(mesh.explain('http://reviews:9080/').outcome).toMatchObject({
    shares: [{ endpoints: [{ authorization: 'allowed' }, { authorization: 'allowed' }] }],
  })
  const { outcome, reasons } = mesh.explain({ url: 'http://reviews:9080/', method: 'POST' })
  expect(outcome).toMatchObject({ shares: [{ endpoints: [{ authorization: 'denied' }, { authorization: 'denied' }] }] })
  expect(reasons.find(({ stage }) => stage === 'authorize')?.origin).toMatchObject({ file: 'deny.yaml', name: 'readers' })
})

test.each([
  '{',
  'kind: [',
  'a: b',
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x}\nspec: {hosts: 7}',
  '\u0000',
])('bad YAML %j gives findings, never a throw', (text) => {
  const mesh = createMesh({ config: [text], self })
  expect(mesh.findings.some(({ severity }) => severity === 'error')).toBe(true)
  expect(mesh.explain('http://reviews:9080/').outcome).toBeDefined()
})

test('an update replaces the path of calls, and a broken object keeps its last good form', () => {
  const mesh = createMesh({ config: [REVIEWS, SPLIT], self })
  const before = mesh.outbound
  mesh.update([REVIEWS, SPLIT.replace('weight: 80', 'weight: eighty')])
  expect(mesh.outbound).not.toBe(before)
  expect(mesh.findings.some(({ severity }) => severity === 'error')).toBe(true)
  expect(mesh.explain('http://reviews:9080/').outcome).toMatchObject({ shares: [{ percent: 80 }, { percent: 20 }] })
  mesh.update([REVIEWS])
  expect(mesh.explain('http://reviews:9080/').outcome).toMatchObject({ shares: [{ percent: 100 }] })
})

test('a question that is no URL is answered', () => {
  const mesh = createMesh({ config: [], self })
  expect(mesh.explain('reviews').outcome).toMatchObject({ kind: 'reply', status: 400 })
})

test.each([null, undefined, 42, {}, { file: 'a.yaml', text: null }, { text: '' }, [REVIEWS]])(
  'config that is %j is refused by its index',
  (part) => {
    const config = [REVIEWS, part] as string[]
    const refusal = new TypeError('`config[1]` must be YAML text, or `{ file, text }` with both as text.')
    expect(() => createMesh({ config, self })).toThrow(refusal)
    const mesh = createMesh({ config: [REVIEWS], self })
    const before = mesh.outbound
    expect(() => mesh.update(config)).toThrow(refusal)
    expect(mesh.outbound).toBe(before)
  },
)

test.each([undefined, null, REVIEWS, {}])('config that is no list is refused', (config) => {
  expect(() => createMesh({ config: config as unknown as string[], self })).toThrow(
    new TypeError('`config` must be a list of YAML texts, or of `{ file, text }`.'),
  )
})
