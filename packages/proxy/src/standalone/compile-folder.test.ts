import { expect, test } from 'vitest'
import { compileFolder, foreignGateways } from './compile-folder.ts'
import { readFlags } from './flags.ts'

const flags = (...more: string[]) => readFlags(['--config', '/srv/edge', ...more], {})
const compile = (text: string, ...more: string[]) => compileFolder(flags(...more), [{ file: 'edge.yaml', text }], undefined)

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web }
spec:
  hosts: ['*']
  gateways: [web]
  http: [{ route: [{ destination: { host: web } }] }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: web-1 }
spec: { address: 127.0.0.7, labels: { app: web, security.istio.io/tlsMode: istio } }
`

const REGISTERED = `
---
apiVersion: v1
kind: Service
metadata: { name: ingress }
spec: { selector: { istio: ingressgateway }, ports: [{ name: http, port: 80, targetPort: 18080 }] }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: ingress }
spec: { address: 127.0.0.8, labels: { istio: ingressgateway } }
`

test('the port that a Gateway names is opened on this machine, and leads to the workloads of a Service, in plain text', () => {
  const { view } = compile(GATEWAY)
  expect(view.listeners.map(({ address, port }) => `${address}:${port}`)).toEqual(['127.0.0.1:80'])
  const name = 'outbound|9080||web.default.svc.cluster.local'
  expect(view.endpoints.find(({ cluster }) => cluster === name)?.endpoints).toMatchObject([{ address: '127.0.0.7', port: 9080 }])
  expect(view.clusters.find((cluster) => cluster.name === name)?.tls).toBeUndefined()
})

test('a Service in front of a registered gateway says where it listens', () => {
  const { view } = compile(GATEWAY + REGISTERED, '--as', 'gateway')
  expect(view.listeners.map(({ address, port }) => `${address}:${port}`)).toEqual(['127.0.0.8:18080'])
})

test('gateways of other proxies are told with what they select, a sidecar has none', () => {
  const foreign = GATEWAY.replace('istio: ingressgateway', 'app: edge, tier: front')
  expect(foreignGateways(compile(GATEWAY))).toEqual([])
  expect(foreignGateways(compile(foreign))).toEqual(['default/web (app=edge,tier=front)'])
  expect(foreignGateways(compile(foreign, '--labels', 'app=edge,tier=front,zone=a'))).toEqual([])
  expect(foreignGateways(compile(foreign, '--as', 'sidecar'))).toEqual([])
})

test('who the proxy is stays, whatever the folder says later of its address and kind', () => {
  const first = compile(GATEWAY)
  const later = compileFolder(flags(), [{ file: 'edge.yaml', text: GATEWAY + REGISTERED }], first)
  expect(later.node).toMatchObject({ kind: 'gateway', address: '127.0.0.1' })
  expect(later.view.listeners.map(({ address, port }) => `${address}:${port}`)).toEqual(['127.0.0.1:18080'])
})
