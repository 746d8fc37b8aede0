import { buildSnapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { workload } from '../testdata/shop.ts'
import { knownNode, refusalOf, type Admission } from './admission.ts'

const snapshot = buildSnapshot({ sources: [{ file: 'registry.yaml', text: workload('reviews-0', '127.2.0.1') }] })
const admission: Admission = { snapshot, trustDomain: 'cluster.local', identity: true }
const ID = 'spiffe://cluster.local/ns/default/sa/reviews'
const node: NodeSelf = {
  kind: 'sidecar',
  name: 'reviews-0',
  namespace: 'default',
  serviceAccount: 'reviews',
  workload: 'claimed',
  labels: { app: 'claimed' },
  address: '127.2.0.1',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: true,
  capture: 'none',
}

test('a node that is who it claims to be, and is registered so, may have its view', () => {
  expect(refusalOf(node, ID, admission)).toBeUndefined()
  expect(refusalOf({ ...node, name: 'not-registered' }, ID, admission)).toBeUndefined()
})

test.each([
  ['another identity', node, 'spiffe://cluster.local/ns/default/sa/ratings'],
  ['no identity', node, undefined],
  ['the same account in another namespace', { ...node, namespace: 'other' }, ID],
  ['another account of its own', { ...node, serviceAccount: 'ratings' }, 'spiffe://cluster.local/ns/default/sa/ratings'],
  ['another address', { ...node, address: '127.2.0.2' }, ID],
  ['another trust domain', { ...node, trustDomain: 'evil.example' }, 'spiffe://evil.example/ns/default/sa/reviews'],
] as const)('%s is refused', (_what, claimed, principal) => {
  expect(refusalOf(claimed, principal, admission)).toEqual(expect.any(String))
})

test('nobody is served before there is configuration', () => {
  expect(refusalOf(node, ID, { ...admission, snapshot: undefined })).toEqual(expect.any(String))
})

test('without identities the registry still has its say', () => {
  const plain = { ...admission, identity: false }
  expect(refusalOf(node, undefined, plain)).toBeUndefined()
  expect(refusalOf({ ...node, address: '127.2.0.2' }, undefined, plain)).toEqual(expect.any(String))
})

test('labels and workload come from the registry, and without identities nobody gets mesh TLS', () => {
  const known = knownNode(node, admission)
  expect(known).toMatchObject({ registered: true, node: { workload: 'reviews-0', labels: { app: 'reviews' }, identity: true } })
  expect(knownNode(node, { ...admission, identity: false }).node.identity).toBe(false)
})
