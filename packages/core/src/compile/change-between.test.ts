import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSnapshot, type Snapshot } from '../snapshot/index.ts'
import { changeBetween, compileEndpoints, compileView, nodesOf, workloadsOf } from './index.ts'

/** One replica in the registry. */
interface Replica {
  readonly name: string
  readonly app: string
  readonly address: string
  readonly account: string
  readonly ready: boolean
  readonly weight: number
  readonly version: string
}

const services = ['reviews', 'ratings']
  .map(
    (name) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 9080}]}`,
  )
  .join('\n---\n')

const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}`

const entry = (replica: Replica): string => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ${replica.name}, namespace: default${replica.ready ? '' : ", annotations: {mesh.io/unready: 'true'}"}}
spec: {address: ${replica.address}, serviceAccount: ${replica.account}, weight: ${replica.weight}, labels: {app: ${replica.app}, version: ${replica.version}, security.istio.io/tlsMode: istio}}`

const snapshotOf = (replicas: readonly Replica[], previous?: Snapshot): Snapshot =>
  buildSnapshot({
    sources: [
      { file: 'shop.yaml', text: `${services}\n---\n${rule}` },
      ...replicas.map((replica) => ({ file: `${replica.name}.yaml`, text: entry(replica) })),
    ],
    ...(previous === undefined ? {} : { previous }),
  })

const replica = fc.record({
  name: fc.constantFrom('a-0', 'b-0', 'c-0', 'd-0'),
  app: fc.constantFrom('reviews', 'ratings', 'none'),
  address: fc.constantFrom('127.3.0.1', '127.3.0.2'),
  account: fc.constantFrom('one', 'two'),
  ready: fc.boolean(),
  weight: fc.constantFrom(1, 2),
  version: fc.constantFrom('v1', 'v2'),
})
const registry = fc.uniqueArray(replica, { selector: (one) => one.name, maxLength: 4 })

const one: Replica = { name: 'a-0', app: 'reviews', address: '127.3.0.1', account: 'one', ready: true, weight: 1, version: 'v1' }

test('what takes the lane of endpoints makes the same views as everything made anew', () => {
  let lanes = 0
  fc.assert(
    fc.property(registry, registry, (before, after) => {
      const previous = snapshotOf(before)
      const next = snapshotOf(after, previous)
      if (changeBetween(previous, next) !== 'endpoints') return
      lanes++
      for (const node of nodesOf(previous)) {
        if (!nodesOf(next).some((same) => same.name === node.name)) continue
        const kept = compileView(previous, node)
        const quick = { ...kept, snapshot: next.hash, endpoints: compileEndpoints(next, node), workloads: workloadsOf(next, node.cluster) }
        expect(quick).toEqual(compileView(next, node))
      }
    }),
    { numRuns: 300, seed: 7 },
  )
  expect(lanes).toBeGreaterThan(10)
})

test.each([
  ['readiness', { ...one, ready: false }, 'endpoints'],
  ['weight', { ...one, weight: 2 }, 'endpoints'],
  ['address', { ...one, address: '127.3.0.9' }, 'all'],
  ['labels', { ...one, version: 'v2' }, 'all'],
  ['account', { ...one, account: 'two' }, 'all'],
  ['nothing', one, 'none'],
] as const)('a change of %s', (_what, changed, expected) => {
  const previous = snapshotOf([one])
  expect(changeBetween(previous, snapshotOf([changed], previous))).toBe(expected)
})

test('a replica of a known account joins by the lane of endpoints, one of a new account does not', () => {
  const previous = snapshotOf([one])
  const second = { ...one, name: 'b-0', address: '127.3.0.2' }
  expect(changeBetween(previous, snapshotOf([one, second], previous))).toBe('endpoints')
  expect(changeBetween(previous, snapshotOf([one, { ...second, account: 'two' }], previous))).toBe('all')
})

test('a gateway of a new account is more than an endpoint: sidecars believe it', () => {
  const gateway = (name: string, account: string) => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ${name}, namespace: istio-system, annotations: {mesh.io/proxy: gateway}}
spec: {address: 127.3.0.8, serviceAccount: ${account}, labels: {istio: ingressgateway}}`
  const sources = (...gateways: string[]) => [services, ...gateways].map((text, index) => ({ file: `${index}.yaml`, text }))
  const previous = buildSnapshot({ sources: sources(gateway('edge-0', 'edge')) })
  const next = (...gateways: string[]) => buildSnapshot({ sources: sources(...gateways), previous })
  expect(changeBetween(previous, next(gateway('edge-0', 'edge'), gateway('edge-1', 'edge')))).toBe('endpoints')
  expect(changeBetween(previous, next(gateway('edge-0', 'edge'), gateway('east-0', 'east')))).toBe('all')
})

test('a comment that moves lines is a change, since views say where they come from', () => {
  const sources = (text: string) => [{ file: 'shop.yaml', text }]
  const previous = buildSnapshot({ sources: sources(services) })
  const next = buildSnapshot({ sources: sources(`# moved\n${services}`), previous })
  expect(next.hash).toBe(previous.hash)
  expect(changeBetween(previous, next)).toBe('all')
})
