import { buildSnapshot } from '@mesh/core/snapshot'
import { expect, test } from 'vitest'
import { nodeOf } from './node-of.ts'

const NOBODY = { as: undefined, name: 'web-1', namespace: 'default', labels: undefined, address: undefined }
const empty = buildSnapshot({ sources: [] })
const registered = buildSnapshot({
  sources: [
    {
      file: 'web.yaml',
      text: `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: web-1, namespace: default, annotations: { mesh.io/workload: web } }
spec: { address: 127.0.0.9, serviceAccount: web, labels: { app: web, security.istio.io/tlsMode: istio } }
`,
    },
  ],
})

test('a proxy that nobody registers is a gateway with the labels of an ingress, on this machine alone', () => {
  expect(nodeOf(NOBODY, empty)).toMatchObject({
    kind: 'gateway',
    name: 'web-1',
    labels: { istio: 'ingressgateway', app: 'istio-ingressgateway' },
    address: '127.0.0.1',
    identity: false,
  })
  expect(nodeOf({ ...NOBODY, as: 'sidecar' }, empty)).toMatchObject({ kind: 'sidecar', labels: {} })
  expect(nodeOf({ ...NOBODY, labels: { app: 'edge' } }, empty)).toMatchObject({ labels: { app: 'edge' }, workload: 'edge' })
})

test('a WorkloadEntry of its name says who it is, without an identity that nobody could issue', () => {
  expect(nodeOf(NOBODY, registered)).toMatchObject({
    kind: 'sidecar',
    serviceAccount: 'web',
    workload: 'web',
    labels: { app: 'web' },
    address: '127.0.0.9',
    identity: false,
  })
  expect(nodeOf({ ...NOBODY, namespace: 'other' }, registered)).toMatchObject({ kind: 'gateway', address: '127.0.0.1' })
  expect(nodeOf({ ...NOBODY, address: '127.0.0.7' }, registered).address).toBe('127.0.0.7')
})

test('labels that contradict the registration are refused: policies and Gateways would select by different ones', () => {
  expect(() => nodeOf({ ...NOBODY, labels: { app: 'web' } }, registered)).toThrow('WorkloadEntry default/web-1 registers this proxy')
  const same = { app: 'web', 'security.istio.io/tlsMode': 'istio' }
  expect(nodeOf({ ...NOBODY, labels: same }, registered).labels).toEqual(same)
})
