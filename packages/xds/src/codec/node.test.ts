import { create } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { NodeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
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
