import { compileView } from '@mesh/core/compile'
import { buildSnapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { NODE } from '../testdata/node.ts'
import { GATEWAY, workload } from '../testdata/shop.ts'
import { knownNode, refusalOf, type Admission } from './admission.ts'

const snapshot = buildSnapshot({
  sources: [
    { file: 'registry.yaml', text: workload('reviews-0', '127.2.0.1') },
    { file: 'gateway.yaml', text: GATEWAY },
  ],
})
const admission: Admission = { snapshot, trustDomain: 'cluster.local', cluster: 'Kubernetes', identity: true, allowUnregistered: false }
const ID = 'spiffe://cluster.local/ns/default/sa/reviews'
const node: NodeSelf = { ...NODE, workload: 'claimed', labels: { app: 'claimed' }, cluster: 'claimed' }
/** A workload with a good certificate that poses as an ingress gateway of a name that nobody has. */
const impostor: NodeSelf = { ...node, kind: 'gateway', name: 'entry-9', labels: { istio: 'ingressgateway' }, address: '127.2.0.9' }

test('a node that is who it claims to be, and is registered so, may have its view', () => {
  expect(refusalOf(node, ID, admission)).toBeUndefined()
})

test.each([
  ['another identity', node, 'spiffe://cluster.local/ns/default/sa/ratings'],
  ['no identity', node, undefined],
  ['the same account in another namespace', { ...node, namespace: 'other' }, ID],
  ['another account of its own', { ...node, serviceAccount: 'ratings' }, 'spiffe://cluster.local/ns/default/sa/ratings'],
  ['another address', { ...node, address: '127.2.0.2' }, ID],
  ['another trust domain', { ...node, trustDomain: 'evil.example' }, 'spiffe://evil.example/ns/default/sa/reviews'],
  ['its trust domain in capitals', { ...node, trustDomain: 'CLUSTER.LOCAL' }, 'spiffe://CLUSTER.LOCAL/ns/default/sa/reviews'],
  ['an identity with more behind it', node, `${ID}/x`],
  ['an identity with a detour', node, 'spiffe://cluster.local/ns/x/../default/sa/reviews'],
  ['an identity with a NUL', node, `${ID}\0`],
  ['an account that holds a path', { ...node, serviceAccount: 'reviews/sa/x' }, `${ID}/sa/x`],
  ['a namespace that holds a path', { ...node, namespace: 'default/sa/reviews', serviceAccount: 'x' }, `${ID}/sa/x`],
] as const)('%s is refused', (_what, claimed, principal) => {
  expect(refusalOf(claimed, principal, admission)).toEqual(expect.any(String))
  expect(refusalOf(claimed, principal, { ...admission, allowUnregistered: true })).toEqual(expect.any(String))
})

test('with identities, a node that is not registered is refused, and told what to do', () => {
  expect(refusalOf({ ...node, name: 'reviews-9' }, ID, admission)).toMatch(/reviews-9\.default is not registered: add a WorkloadEntry/)
  expect(refusalOf(impostor, ID, admission)).toMatch(/not registered/)
})

test('where nodes need not be registered, they get nothing by what they claim', () => {
  const open = { ...admission, allowUnregistered: true }
  expect(refusalOf({ ...impostor, kind: 'sidecar' }, ID, open)).toBeUndefined()
  expect(refusalOf(impostor, ID, open)).toMatch(/only sidecars/)
  expect(refusalOf({ ...impostor, kind: 'sidecar', address: 'x' }, ID, open)).toMatch(/no IP address/)
  const { node: known, registered } = knownNode(impostor, open)
  expect([known.kind, known.labels, known.workload, known.cluster, registered]).toEqual(['sidecar', {}, 'reviews', 'Kubernetes', false])
  expect(compileView(snapshot, impostor).listeners.map(({ port }) => port)).toEqual([8080])
  expect(compileView(snapshot, known).listeners.map(({ name }) => name)).toEqual(['http_proxy'])
})

test('nobody is served before there is configuration', () => {
  expect(refusalOf(node, ID, { ...admission, snapshot: undefined })).toEqual(expect.any(String))
})

test('without identities the registry still has its say, and others are served as they claim to be', () => {
  const plain = { ...admission, identity: false }
  expect(refusalOf(node, undefined, plain)).toBeUndefined()
  expect(refusalOf({ ...node, address: '127.2.0.2' }, undefined, plain)).toEqual(expect.any(String))
  expect(refusalOf(impostor, undefined, plain)).toBeUndefined()
  expect(knownNode(impostor, plain).node).toMatchObject({ kind: 'gateway', labels: { istio: 'ingressgateway' }, identity: false })
})

test('what a node is comes from the registry, and without identities nobody gets mesh TLS', () => {
  const known = knownNode({ ...node, kind: 'gateway' }, admission)
  expect(known).toMatchObject({
    registered: true,
    node: { kind: 'sidecar', workload: 'reviews-0', labels: { app: 'reviews' }, cluster: 'Kubernetes', identity: true },
  })
  expect(knownNode(node, { ...admission, identity: false }).node.identity).toBe(false)
})
