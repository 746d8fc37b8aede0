import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { PlannedWorkload } from './plan.ts'
import { workloadEntry } from './registry.ts'

const REVIEWS: PlannedWorkload = {
  kind: 'sidecar',
  name: 'reviews-v1-0',
  namespace: 'default',
  workload: 'reviews-v1',
  serviceAccount: 'bookinfo-reviews',
  labels: { app: 'reviews', version: 'v1' },
  address: '127.64.1.5',
  bindAddress: null,
  ports: {},
  app: { command: 'x', env: {}, servicePort: 9080, listen: { host: '127.0.0.1', port: 34567 }, probe: null },
  proxy: null,
  meshTls: true,
  page: null,
  openPorts: {},
}

test('pilot is told who a replica is, where it is reached and where its application listens', () => {
  expect(parse(workloadEntry(REVIEWS, true))).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: {
      name: 'reviews-v1-0',
      namespace: 'default',
      labels: { app: 'reviews', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
      annotations: { 'mesh.io/workload': 'reviews-v1', 'mesh.io/app-ports': '{"9080":34567}' },
    },
    spec: {
      address: '127.64.1.5',
      labels: { app: 'reviews', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
      serviceAccount: 'bookinfo-reviews',
    },
  })
})

test('pilot is told which replicas have a proxy', () => {
  const proxy = { admin: 15_000, outbound: 15_001, health: 15_021, metrics: 15_090 }
  const annotations = (of: Partial<PlannedWorkload>): unknown =>
    parse(workloadEntry({ ...REVIEWS, meshTls: false, ...of }, true)).metadata.annotations
  expect(annotations({ proxy })).toMatchObject({ 'mesh.io/proxy': 'sidecar' })
  expect(annotations({ proxy, kind: 'gateway' })).toMatchObject({ 'mesh.io/proxy': 'gateway' })
  expect(annotations({ kind: 'outside' })).not.toHaveProperty(['mesh.io/proxy'])
})

test('a replica whose application is down says so', () => {
  expect(parse(workloadEntry(REVIEWS, false)).metadata.annotations).toHaveProperty(['mesh.io/unready'], 'true')
})
