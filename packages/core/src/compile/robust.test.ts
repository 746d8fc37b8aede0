import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSnapshot, type Snapshot } from '../snapshot/index.ts'
import { compileView, nodesOf } from './index.ts'

const folder = new URL('./testdata/', import.meta.url)
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.in.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .map((text) => text.slice(Math.max(0, text.search(/^---$/m))))
const shop = readFileSync(new URL('shop.yaml', folder), 'utf8')

const snapshotOf = (all: readonly string[]): Snapshot =>
  buildSnapshot({ sources: [shop, ...all].map((text, index) => ({ file: `${index}.yaml`, text })) })

test('any mixture of configuration compiles for every node, and twice to the same', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(texts), (mixture) => {
      const snapshot = snapshotOf(mixture)
      const again = snapshotOf(mixture)
      for (const node of nodesOf(snapshot)) {
        const reports: string[] = []
        const view = compileView(snapshot, node, (finding) => reports.push(`${finding.code} ${finding.message}`))
        expect(reports.filter((report) => report.startsWith('MESH0901'))).toEqual([])
        expect(JSON.stringify(view)).toBe(JSON.stringify(compileView(again, node)))
      }
    }),
    { numRuns: 30 },
  )
})

test('names are unique and sorted in every list of a view', () => {
  const snapshot = snapshotOf(texts)
  for (const node of nodesOf(snapshot)) {
    const view = compileView(snapshot, node)
    for (const list of [view.listeners, view.routes, view.clusters].map((all) => all.map((one) => one.name))) {
      expect(list).toEqual([...new Set(list)].sort())
    }
    for (const table of view.routes) {
      const domains = table.hosts.flatMap((host) => host.domains)
      expect(domains.length).toBe(new Set(domains).size)
    }
  }
})

test('every eds cluster has its endpoints, and nothing else has', () => {
  const snapshot = snapshotOf(texts)
  for (const node of nodesOf(snapshot)) {
    const view = compileView(snapshot, node)
    const clusters = view.clusters.filter((cluster) => cluster.discovery.kind === 'eds').map((cluster) => cluster.name)
    expect(view.endpoints.map((one) => one.cluster)).toEqual(clusters)
  }
})

test('a VirtualService without hosts changes nothing for any node', () => {
  const delegate =
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a-delegate}\nspec: {http: [{route: [{destination: {host: reviews}}]}]}\n'
  const [without, beside] = [snapshotOf(texts), snapshotOf([...texts, delegate])]
  expect(beside.objects.length).toBe(without.objects.length + 1)
  for (const node of nodesOf(without)) {
    const views = [without, beside].map((snapshot) => ({ ...compileView(snapshot, node), version: '', snapshot: '' }))
    expect(views[1]).toEqual(views[0])
  }
})

test('an object whose compiling throws is left out and named, and the rest stands', () => {
  const snapshot = snapshotOf([])
  const broken = {
    kind: 'VirtualService',
    apiVersion: 'networking.istio.io/v1',
    meta: { name: 'broken', namespace: 'default', labels: {}, annotations: {} },
    get body() {
      return { hosts: ['reviews'], http: [new Proxy({}, { get: () => raise() })] }
    },
    origin: { kind: 'VirtualService', namespace: 'default', name: 'broken' },
    places: {},
  }
  const reports: string[] = []
  const node = nodesOf(snapshot).find((one) => one.name === 'client-0')
  if (node === undefined) throw new Error('no node')
  const view = compileView({ ...snapshot, objects: [...snapshot.objects, broken] }, node, (finding) => reports.push(finding.origin.name))
  expect(reports).toEqual(['broken'])
  const [table] = view.routes
  expect(table?.hosts.find((host) => host.name.startsWith('reviews'))?.routes).toEqual([])
  expect(table?.hosts.find((host) => host.name.startsWith('ratings'))?.routes).toHaveLength(1)
})

test('an authorization policy whose compiling throws denies what it selects', () => {
  const snapshot = snapshotOf([])
  const policy = {
    kind: 'AuthorizationPolicy',
    apiVersion: 'security.istio.io/v1',
    meta: { name: 'broken', namespace: 'default', labels: {}, annotations: {} },
    body: { selector: { matchLabels: { app: 'ratings' } }, action: 'DENY', rules: [new Proxy({}, { get: () => raise() })] },
    origin: { kind: 'AuthorizationPolicy', namespace: 'default', name: 'broken' },
    places: {},
  }
  const objects = [...snapshot.objects, policy]
  const authzOf = (name: string): unknown => {
    const node = nodesOf(snapshot).find((one) => one.name === name)
    if (node === undefined) throw new Error('no node')
    const inbound = compileView({ ...snapshot, objects }, node).listeners.find((listener) => listener.direction === 'inbound')
    return inbound?.chains[0]?.filter.authz
  }
  const any = [{ kind: 'any' }]
  const origin = policy.origin
  expect(authzOf('ratings-v1-0')).toEqual([
    { action: 'DENY', policies: [{ name: 'ns[default]-policy[broken]', permissions: any, principals: any, origin }] },
  ])
  expect(authzOf('reviews-v1-0')).toEqual([])
})

function raise(): never {
  throw new Error('unreadable')
}
