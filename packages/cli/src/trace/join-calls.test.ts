import { expect, test } from 'vitest'
import { shortNames } from '../records/short-names.ts'
import { aWorkload, Talk } from '../records/testdata/a-record.ts'
import type { Seen } from '../records/seen-record.ts'
import { joinCalls, type CallNode } from './join-calls.ts'
import { missingParts } from './missing-parts.ts'
import { factsOf } from './node-facts.ts'
import { pathLine } from './path-line.ts'
import type { RecordAnswer } from '../records/ask-records.ts'

const NAMES = ['istio-ingressgateway', 'productpage-v1', 'details-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1']
const workloads = NAMES.map((name, index) => aWorkload(name, index + 2))
const at = (name: string) => workloads.find(({ workload }) => workload === name)!
const run = { workloads, gateways: [{ name: 'istio-ingressgateway', namespace: 'istio-system', url: '', ports: {} }] }
const names = shortNames(run)
const FAULT = { kind: 'VirtualService', namespace: 'default', name: 'ratings', file: '/mesh/config/ratings-test-abort.yaml', line: 15 }
const ABORTED = {
  status: 500,
  flags: ['FI'],
  details: 'fault_filter_abort',
  durationMs: 0,
  startMs: 1006,
  cluster: 'outbound|9080|v1|ratings.default.svc.cluster.local',
  service: { host: 'ratings.default.svc.cluster.local', name: 'ratings', namespace: 'default' },
  trouble: { code: 'FI', severity: 'error' as const, message: 'It was injected.', cause: FAULT },
}

/** gateway → productpage → details and reviews → ratings, which a fault answers. */
function page(spans: boolean): readonly Seen[] {
  const talk = new Talk(spans)
  const first = talk.call(at('istio-ingressgateway'), at('productpage-v1'), { startMs: 1000, durationMs: 14 })
  talk.call(at('productpage-v1'), at('details-v1'), { startMs: 1002, durationMs: 4, within: first.came })
  const reviews = talk.call(at('productpage-v1'), at('reviews-v2'), { startMs: 1004, durationMs: 8, within: first.came })
  talk.refused(at('reviews-v2'), ABORTED, reviews.came)
  return talk.seen
}

/** `gateway(productpage(details reviews-v2(ratings)))`. */
function shape(node: CallNode): string {
  const { name } = factsOf(node, names)
  return node.children.length === 0 ? name : `${name}(${node.children.map(shape).join(' ')})`
}

test.each([true, false])('a request is one tree, with spans (%s) or by connection and time alone', (spans) => {
  const seen = page(spans)
  for (const order of [seen, seen.toReversed()]) {
    const roots = joinCalls(order)
    expect(roots.map(shape)).toEqual(['gateway(productpage(details reviews-v2(ratings)))'])
    expect(roots.map((root) => pathLine(root, names))).toEqual([
      'gateway 14 ms › productpage 12 ms › reviews-v2 6 ms › ratings 500 FI (injected by ratings-test-abort.yaml:15)',
    ])
  }
})

test('where nothing went wrong the line leads to the last place, of several the slowest', () => {
  const talk = new Talk(true)
  const first = talk.call(at('istio-ingressgateway'), at('productpage-v1'), { startMs: 1000, durationMs: 30 })
  talk.call(at('productpage-v1'), at('details-v1'), { startMs: 1002, durationMs: 20, within: first.came })
  talk.call(at('productpage-v1'), at('reviews-v3'), { startMs: 1002, durationMs: 5, within: first.came })
  expect(joinCalls(talk.seen).map((root) => pathLine(root, names))).toEqual(['gateway 30 ms › productpage 28 ms › details 18 ms'])
})

test('a refusal at the gateway, at a caller and at a destination are told at their place', () => {
  const lost = new Talk(true)
  const noRoute = {
    status: 404,
    flags: ['NR'],
    authority: 'shop.example',
    trouble: { code: 'NR', severity: 'error' as const, message: '' },
  }
  lost.seen.push({ ...lost.refused(at('istio-ingressgateway'), noRoute) })
  const { cluster: _, ...unrouted } = lost.seen[0]!.record
  expect(joinCalls([{ at: at('istio-ingressgateway'), record: unrouted }]).map((root) => pathLine(root, names))).toEqual([
    'gateway 404 NR 10 ms',
  ])
  const denied = new Talk(true)
  const { sent, came } = denied.call(at('productpage-v1'), at('reviews-v2'), { startMs: 1000, durationMs: 3 })
  Object.assign(sent.record, { status: 403 })
  const cause = { ...FAULT, kind: 'AuthorizationPolicy', file: 'deny.yaml', line: 2 }
  const trouble = { code: 'rbac_access_denied_matched_policy', severity: 'error', message: '', cause }
  Object.assign(came.record, { status: 403, madeHere: true, trouble })
  expect(joinCalls(denied.seen).map((root) => pathLine(root, names))).toEqual([
    'productpage 403 3 ms › reviews-v2 403 1 ms (denied by deny.yaml:2)',
  ])
})

test('tries of one call are one place', () => {
  const talk = new Talk(true)
  const { sent, came } = talk.call(at('productpage-v1'), at('reviews-v2'), { startMs: 1000, durationMs: 20 })
  Object.assign(sent.record, { attempts: 2 })
  const again = { at: came.at, record: { ...came.record, seq: 99, startMs: 1010, durationMs: 4 } }
  expect(joinCalls([...talk.seen, again]).map((root) => pathLine(root, names))).toEqual(['productpage 20 ms › reviews-v2 4 ms (2 tries)'])
})

test('an application that calls the same service twice at once has each call under the one that it answered', () => {
  const talk = new Talk(true)
  const pages = [1000, 1001].map((startMs) => talk.call(at('istio-ingressgateway'), at('productpage-v1'), { startMs, durationMs: 20 }).came)
  for (const within of pages) talk.call(at('productpage-v1'), at('details-v1'), { startMs: 1004, durationMs: 4, within })
  expect(joinCalls(talk.seen).map(shape)).toEqual(['gateway(productpage(details))', 'gateway(productpage(details))'])
})

const pageOf = (workload: string, more: object = {}): RecordAnswer => ({
  kind: 'page',
  at: at(workload),
  page: { startedMs: 1, first: 1, next: 9, records: [], ...more },
})

test('a part that a proxy forgot is named, and why it is missing', () => {
  const known = page(true).filter((seen) => seen.at.workload !== 'reviews-v2')
  const told = (answer: RecordAnswer) => missingParts({ run: { ...run } as never, roots: joinCalls(known), answers: [answer] })
  expect(told(pageOf('reviews-v2', { first: 500, oldestMs: 5000 }))).toEqual([
    expect.stringMatching(/^The part of reviews-v2-0 is missing: its proxy has forgotten it .* go back to \d\d:\d\d:05\.000\.$/),
  ])
  expect(told(pageOf('reviews-v2', { startedMs: 7000 }))).toEqual([expect.stringContaining('its proxy was started since')])
  expect(told(pageOf('reviews-v2'))).toEqual([expect.stringContaining('the call is not over there, or never came')])
  expect(told({ kind: 'silent', at: at('reviews-v2'), why: 'It does not answer.' })).toEqual([
    'What passed reviews-v2-0 is not known. It does not answer.',
  ])
})

test('a caller that forgot is named too, and the rest is told', () => {
  const known = page(true).filter((seen) => seen.at.workload !== 'istio-ingressgateway')
  const roots = joinCalls(known)
  expect(roots.map(shape)).toEqual(['productpage(details reviews-v2(ratings))'])
  expect(
    missingParts({ run: { ...run } as never, roots, answers: [pageOf('istio-ingressgateway', { first: 2, oldestMs: 9000 })] }),
  ).toEqual([expect.stringContaining('The part of istio-ingressgateway-0 is missing')])
})

test('nothing is missing of a whole one', () => {
  const answers = NAMES.map((name) => pageOf(name, { first: 2, oldestMs: 9000 }))
  expect(missingParts({ run: { ...run } as never, roots: joinCalls(page(true)), answers })).toEqual([])
})
