import { expect, test } from 'vitest'
import { compileView, nodesOf } from '@mesh/core/compile'
import { buildSnapshot } from '@mesh/core/snapshot'
import type { View } from '@mesh/core/view'
import { asked } from './command.ts'
import { describeService, hostNamed } from './describe-service.ts'
import { serviceText } from './service-text.ts'

const entry = (version: string, address: string): string => `---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-${version}, namespace: shop}
spec: {address: ${address}, labels: {app: reviews, version: ${version}}}
`
const CONFIG = `apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: v1
kind: Service
metadata: {name: idle, namespace: shop}
spec: {selector: {app: idle}, ports: [{name: tcp, port: 70}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
${entry('v1', '127.0.0.2')}${entry('v2', '127.0.0.3')}`

function viewOf(text: string): View {
  const snapshot = buildSnapshot({ sources: [{ file: 'a.yaml', text }] })
  const [node] = nodesOf(snapshot)
  if (node === undefined) throw new Error('no node')
  return compileView(snapshot, node, () => undefined)
}

const HOST = 'reviews.shop.svc.cluster.local'

test('a service is told with its ports, who answers there, its subsets, and the routes to it', () => {
  const full = viewOf(CONFIG)
  const endpoints = full.endpoints.map((group) => ({
    ...group,
    endpoints: group.endpoints.map((one) => ({ ...one, healthy: one.address !== '127.0.0.3' })),
  }))
  const view = { ...full, endpoints }
  const described = describeService({ host: HOST, view, seenBy: 'a.shop', gateways: [{ name: 'in', url: 'http://localhost:8080', view }] })
  expect(described).toMatchObject({
    service: 'reviews.shop',
    ports: [
      {
        port: 9080,
        protocol: 'HTTP',
        endpoints: [
          { address: '127.0.0.2:9080', healthy: true },
          { address: '127.0.0.3:9080', healthy: false },
        ],
      },
    ],
    subsets: [
      { port: 9080, subset: 'v1', endpoints: 1, healthy: 1, by: expect.stringContaining('DestinationRule shop/reviews') },
      { port: 9080, subset: 'v2', endpoints: 1, healthy: 0 },
    ],
    routes: [{ percent: 100, match: '/*', by: expect.stringContaining('VirtualService shop/reviews') }],
  })
  expect(described.ingress).toMatchObject([{ where: expect.stringContaining('http://localhost:8080'), percent: 100 }])
  const text = serviceText(described)
  expect(text).toMatch(/^Port 9080 HTTP\n.*127\.0\.0\.2:9080 healthy\n.*127\.0\.0\.3:9080 unhealthy$/m)
  expect(text).toMatch(/^Subsets\n {2}v1 of port 9080: 1\/1 healthy .*\n {2}v2 of port 9080: 0\/1 healthy/m)
})

test('a service that nobody answers for, and nothing leads to, says so', () => {
  const text = serviceText(describeService({ host: 'idle.shop.svc.cluster.local', view: viewOf(CONFIG), seenBy: 'a.shop', gateways: [] }))
  expect(text).toMatch(/^Port 70 TCP\n {2}no endpoint: every call fails$/m)
  expect(text).toContain('not reached from any gateway')
})

test('what a configuration writes into a match cannot reach the terminal', () => {
  const text = CONFIG.replace(
    'http: [{route',
    'http: [{match: [{uri: {exact: "/a\\e[2J\\nPort 1"}, queryParams: {"x\\u009b": {exact: b}}}], route',
  )
  const told = serviceText(describeService({ host: HOST, view: viewOf(text), seenBy: 'a.shop', gateways: [] }))
  expect(told).toMatch(/^Routes to it\n.*\/a\\u001b\[2J\\u000aPort 1 \?x\\u009b → 100 %/m)
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test.each([
  ['reviews', undefined, HOST],
  ['reviews', 'shop', HOST],
  ['reviews.shop', undefined, HOST],
  [HOST, undefined, HOST],
  ['reviews', 'default', undefined],
  ['reviews.default', undefined, undefined],
])('%s in namespace %s is %s', (name, namespace, host) => {
  expect(hostNamed(viewOf(CONFIG), { name, namespace })).toBe(host)
})

test("istioctl's and kubectl's spellings are taken, and a bare name is a workload", () => {
  expect([asked('svc', 'reviews'), asked('service/reviews', undefined), asked('service', 'reviews.default')]).toEqual([
    { kind: 'service', name: 'reviews' },
    { kind: 'service', name: 'reviews' },
    { kind: 'service', name: 'reviews.default' },
  ])
  expect([asked('pod', 'a'), asked('a', undefined), asked('svc', undefined)]).toMatchObject([{ name: 'a' }, { name: 'a' }, { name: 'svc' }])
  expect(() => asked('gateway', 'a')).toThrow('a pod or a svc, not "gateway"')
})
