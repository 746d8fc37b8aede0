import { create, type JsonObject } from '@mesh/rpc/protobuf'
import { expect, test } from 'vitest'
import { NodeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { MAX_LABEL_CHARS, MAX_LABELS, MAX_NODE_ID_CHARS } from '../limits.ts'
import { NODE } from '../testdata/shop.ts'
import { decodeNode, encodeNode } from './node.ts'

test('a node of this mesh comes back as it was', () => {
  for (const self of [NODE, { ...NODE, kind: 'gateway' as const, identity: false, trustDomain: 'other.example' }]) {
    expect(decodeNode(create(NodeSchema, encodeNode(self)))).toEqual({ kind: 'node', self })
  }
})

test("an Envoy with Istio's node id and metadata is understood", () => {
  const node = create(NodeSchema, {
    id: 'sidecar~10.0.0.7~details-v1-0.shop~shop.svc.cluster.local',
    metadata: { NAMESPACE: 'shop', SERVICE_ACCOUNT: 'details', LABELS: { app: 'details', broken: 7 } },
  })
  expect(decodeNode(node)).toMatchObject({
    self: {
      kind: 'sidecar',
      name: 'details-v1-0',
      namespace: 'shop',
      serviceAccount: 'details',
      workload: 'details-v1-0',
      labels: { app: 'details' },
      address: '10.0.0.7',
    },
  })
})

test.each(['', 'test-id', 'ztunnel~10.0.0.7~a.b~b.svc', 'sidecar~10.0.0.7~nodot~b.svc'])('node id %j is refused', (id) => {
  expect(decodeNode(create(NodeSchema, { id }))).toMatchObject({ kind: 'refused' })
})

test('a node whose metadata claims another namespace than its id is refused', () => {
  const node = create(NodeSchema, { id: 'sidecar~10.0.0.7~a.shop~shop.svc', metadata: { NAMESPACE: 'bank' } })
  expect(decodeNode(node)).toEqual({ kind: 'refused', reason: 'NAMESPACE of the metadata is not that of the node id' })
})

const id = 'sidecar~10.0.0.7~a.shop~shop.svc'
const labels = (count: number, size: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, 'x'.repeat(size)]))

test.each([
  ['a long id', { id: id.padEnd(MAX_NODE_ID_CHARS + 1, 'x') }, /id is longer/],
  ['a long name', { id: `sidecar~10.0.0.7~${'a'.repeat(254)}.shop~shop.svc` }, /name of a node is longer/],
  ['a line feed in its name', { id: 'sidecar~10.0.0.7~a\nb.shop~shop.svc' }, /name of a node has characters/],
  ['a long account', { id, metadata: { SERVICE_ACCOUNT: 'a'.repeat(254) } }, /SERVICE_ACCOUNT/],
  ['a cluster with a NUL', { id, metadata: { CLUSTER_ID: 'a\0b' } }, /CLUSTER_ID/],
  ['many labels', { id, metadata: { LABELS: labels(MAX_LABELS + 1, 1) } }, /more than 128 labels/],
  ['a long label', { id, metadata: { LABELS: labels(1, MAX_LABEL_CHARS + 1) } }, /label is longer/],
])('a node is refused that has %s', (_what, node, reason) => {
  const decoded = decodeNode(create(NodeSchema, node))
  expect(decoded.kind === 'refused' ? decoded.reason : 'accepted').toMatch(reason)
})

test('a node with as many labels as may be, and with metadata that nobody asked for, is understood', () => {
  const metadata = { LABELS: labels(MAX_LABELS, MAX_LABEL_CHARS), ANNOTATIONS: labels(1000, 1000) }
  expect(decodeNode(create(NodeSchema, { id, metadata }))).toMatchObject({ kind: 'node' })
})

test('labels named like parts of an object are labels', () => {
  const node = create(NodeSchema, { id, metadata: JSON.parse('{"LABELS":{"__proto__":"x","constructor":"y"}}') as JsonObject })
  const decoded = decodeNode(node)
  expect(decoded.kind === 'node' ? Object.entries(decoded.self.labels) : []).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})
