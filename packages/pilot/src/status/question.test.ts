import { compileView, nodesOf } from '@mesh/core/compile'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import type { ClientStatus, ResourceType } from '@mesh/xds'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { RULE, SHOP, workload } from '../testdata/shop.ts'
import { expectedProxies } from './absent.ts'
import { Ledger } from './ledger.ts'
import { concernedBy, proxiesNow, type StatusFacts } from './question.ts'
import { subjectOf } from './subject.ts'
import { ProxyTracks } from './tracks.ts'

const KEY = 'VirtualService/default/reviews'
const TYPES: readonly ResourceType[] = ['CDS', 'EDS', 'LDS', 'RDS', 'WDS']
const ELSEWHERE = RULE('v1').replace('hosts: [reviews]', 'hosts: [reviews]\n  exportTo: [other]')
const build = (rule: string): Snapshot =>
  buildSnapshot({ sources: [{ file: 'x', text: `${SHOP}---${workload('reviews-0', '127.2.0.1')}---${rule}` }] })

/** Pilot's memory on paper: snapshots are taken, views are made, and statuses come when a test says so. */
function paper() {
  let snapshot: Snapshot | undefined
  let nowMs = 0
  const ledger = new Ledger(() => nowMs)
  const tracks = new ProxyTracks(() => nowMs)
  const viewOf = (node: NodeSelf): View | undefined => (snapshot === undefined ? undefined : compileView(snapshot, node))
  const facts: StatusFacts = { ledger, tracks, snapshot: () => snapshot, viewOf, now: () => nowMs }
  return {
    take: (next: Snapshot) => {
      snapshot = next
      tracks.onSnapshot(ledger.take(next))
    },
    node: (): NodeSelf => {
      const [node] = nodesOf(snapshot ?? build(''))
      if (node === undefined) throw new Error('no node')
      return { ...node }
    },
    makeView: (node: NodeSelf) => {
      const view = viewOf(node)
      if (view !== undefined) tracks.onView(node, view)
    },
    tell: (node: NodeSelf, acked: number, { connectedAtMs = 0, changed = 0, types = TYPES } = {}) =>
      tracks.onStatus(statusOf(node, { acked, connectedAtMs, changed, types, sequence: ledger.sequence }), false),
    leave: (node: NodeSelf) => tracks.onStatus(statusOf(node, { acked: 0, connectedAtMs: 0, changed: 0, types: TYPES, sequence: 0 }), true),
    pass: (ms: number) => (nowMs += ms),
    states: (key = KEY) => {
      const record = ledger.record(key)
      if (record === undefined) throw new Error(`no ${key}`)
      return concernedBy(facts, proxiesNow(facts), subjectOf(key, record)).map(({ standing }) => standing)
    },
  }
}

interface On {
  readonly acked: number
  readonly changed: number
  readonly sequence: number
  readonly connectedAtMs: number
  readonly types: readonly ResourceType[]
}

function statusOf(node: NodeSelf, { acked, changed, sequence, connectedAtMs, types }: On): ClientStatus {
  const of = (type: ResourceType): ClientStatus['types'][number] => ({
    type,
    state: acked < sequence ? 'STALE' : 'SYNCED',
    sentNonce: `${sequence}`,
    ackedNonce: acked < sequence ? undefined : `${sequence}`,
    sentSnapshot: 's',
    ackedSnapshot: 's',
    ackedSequence: acked,
    changedSequence: changed,
    error: undefined,
    errorSequence: 0,
    settled: acked >= sequence,
    resources: 1,
  })
  const peer = { address: '127.0.0.1', port: 1, principal: undefined }
  return { id: 1, node, peer, mode: 'delta', connectedAtMs, snapshot: 's', sequence, types: types.map(of) }
}

test('a proxy whose view of the new snapshot is not made yet lags, whatever its old view says', () => {
  const side = paper()
  side.take(build(''))
  const node = side.node()
  side.makeView(node)
  side.tell(node, 1)
  side.take(build(RULE('v1')))
  expect(side.states()).toEqual([{ state: 'lagging', reason: 'its view is being made' }])
  side.makeView(node)
  side.pass(100)
  side.tell(node, 1)
  side.pass(1500)
  expect(side.states()).toEqual([{ state: 'lagging', reason: 'it has not answered RDS for 1.5 s' }])
  side.tell(node, 2)
  expect(side.states()).toEqual([{ state: 'serving', atMs: 1600 }])
})

test('of two streams of one proxy the newer one counts', () => {
  const side = paper()
  side.take(build(RULE('v1')))
  const [before, now] = [side.node(), side.node()]
  for (const node of [before, now]) side.makeView(node)
  side.tell(before, 0, { connectedAtMs: 1 })
  side.tell(now, 1, { connectedAtMs: 2 })
  expect(side.states()).toEqual([{ state: 'serving', atMs: 0 }])
})

test('a proxy that has asked for nothing yet lags', () => {
  const side = paper()
  side.take(build(RULE('v1')))
  const node = side.node()
  side.makeView(node)
  side.tell(node, 0, { types: [] })
  expect(side.states()).toEqual([{ state: 'lagging', reason: 'it has connected, and not accepted its first view yet' }])
})

test('an object that left a proxy while it was slow still concerns it when it comes back without it', () => {
  const side = paper()
  side.take(build(RULE('v1')))
  const node = side.node()
  side.makeView(node)
  side.tell(node, 1)
  for (const rule of ['', ELSEWHERE]) {
    side.take(build(rule))
    side.makeView(node)
    side.tell(node, 1)
  }
  expect(side.states()).toMatchObject([{ state: 'lagging' }])
  side.tell(node, 3)
  expect(side.states()).toMatchObject([{ state: 'serving' }])
})

test('a proxy that is away may have what an object was before it was deleted and created again', () => {
  const side = paper()
  for (const rule of [RULE('v1'), '', ELSEWHERE]) side.take(build(rule))
  expect(side.states()).toMatchObject([{ state: 'lagging', reason: expect.stringContaining('not connected') }])
})

test('a proxy that is away has nothing of an object that is new, and that its view would not hold', () => {
  const side = paper()
  for (const rule of ['', ELSEWHERE]) side.take(build(rule))
  expect(side.states()).toEqual([])
})

test('an object without any trace concerns those for whom its snapshot changed something', () => {
  const side = paper()
  const account = '\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n'
  side.take(build(''))
  const node = side.node()
  side.makeView(node)
  side.tell(node, 1)
  side.take(build(account))
  side.makeView(node)
  side.tell(node, 2)
  expect(side.states('ServiceAccount/default/a')).toEqual([])
  side.tell(node, 2, { changed: 2 })
  expect(side.states('ServiceAccount/default/a')).toMatchObject([{ state: 'serving' }])
})

test('a proxy that is away is told with how long it is', () => {
  const side = paper()
  side.take(build(RULE('v1')))
  const node = side.node()
  side.makeView(node)
  side.tell(node, 1)
  side.leave(node)
  side.pass(2000)
  expect(side.states()).toEqual([
    { state: 'lagging', reason: 'it is not connected to pilot for 2.0 s, and goes by what it was served last' },
  ])
})

test('what is remembered of a proxy has bounds, and what is forgotten is not made up', () => {
  const side = paper()
  side.take(build(RULE('v0')))
  const node = side.node()
  side.makeView(node)
  for (let step = 1; step <= LIMITS.maxStepsPerType + 2; step++) {
    side.take(build(`${RULE('v0')}---${RULE(`v${step % 10}`).replaceAll('reviews', 'other')}`))
    side.makeView(node)
    side.tell(node, step + 1, { changed: step + 1 })
  }
  expect(side.states()).toEqual([{ state: 'serving' }])
})

test('proxies are expected where a workload has mesh TLS or names its proxy', () => {
  const plain = workload('plain', '127.2.0.3').replace(', security.istio.io/tlsMode: istio', '')
  const named = workload('named', '127.2.0.4', ', mesh.io/proxy: sidecar').replace(', security.istio.io/tlsMode: istio', '')
  const snapshot = build(`${plain}---${named}`)
  expect(expectedProxies(snapshot).map(({ name }) => name)).toEqual(['named', 'reviews-0'])
})
