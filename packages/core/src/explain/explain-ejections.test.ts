import { expect, test } from 'vitest'
import { compileEngine } from '../engine/compile-engine.ts'
import { aCluster, aFilter, aListener, anEndpoint, aRoute, forwardTo } from '../engine/testdata/build.ts'
import type { NodeSelf } from '../view/node.ts'
import { EMPTY_VIEW } from '../view/view.ts'
import { explain } from './explain.ts'

const SELF: NodeSelf = {
  kind: 'sidecar',
  name: 'client-0',
  namespace: 'default',
  serviceAccount: 'client',
  workload: 'client',
  labels: {},
  address: '127.0.0.9',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: false,
  capture: 'none',
}
const RULE = { kind: 'DestinationRule', namespace: 'default', name: 'one', file: 'one.yaml', line: 7 }

/** What is told of a call to three endpoints of which these are ejected. */
function ask(ejected: readonly string[], minHealthPercent = 0) {
  const outlierDetection = {
    consecutive5xx: 5,
    consecutiveGatewayFailures: 0,
    intervalMs: 10_000,
    baseEjectionMs: 30_000,
    maxEjectionMs: 300_000,
    maxEjectionPercent: 100,
    alwaysEjectOne: true,
    minHealthPercent,
  }
  const hosts = [{ name: 'a', domains: ['*'], routes: [aRoute({ action: forwardTo('one') })] }]
  const engine = compileEngine({
    ...EMPTY_VIEW,
    listeners: [aListener(aFilter({ name: 'http_proxy', hosts }))],
    clusters: [aCluster('one', { outlierDetection, origin: RULE })],
    endpoints: [{ cluster: 'one', endpoints: [3, 4, 5].map((last) => anEndpoint(`127.0.0.${last}`)) }],
  })
  const { reasons, outcome } = explain({
    engine,
    self: SELF,
    method: 'GET',
    url: 'http://a/',
    ejected: (cluster, { address }) => cluster === 'one' && ejected.includes(address),
  })
  const told = reasons.filter(({ stage }) => stage === 'endpoints')
  const taking =
    outcome.kind === 'forward' ? outcome.shares.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint.address)) : []
  return { told, texts: told.map((reason) => reason.outcome), taking }
}

test('ejected endpoints are named with the line of the rule, and are not among those that take the call', () => {
  const { told, texts, taking } = ask(['127.0.0.4'])
  expect(texts).toEqual(['127.0.0.4:9080 ejected by outlier detection', '127.0.0.3:9080, 127.0.0.5:9080, round-robin'])
  expect(told[0]?.origin).toEqual(RULE)
  expect(taking).toEqual(['127.0.0.3', '127.0.0.5'])
})

test('with all of them ejected there is none', () => {
  const { texts, taking } = ask(['127.0.0.3', '127.0.0.4', '127.0.0.5'])
  expect(texts.at(-1)).toBe('no endpoint left in one (503, UH)')
  expect(taking).toEqual([])
})

test('with too few left, all take calls, and that is told', () => {
  const { texts, taking } = ask(['127.0.0.3', '127.0.0.4'], 50)
  expect(texts[0]).toBe('127.0.0.3:9080, 127.0.0.4:9080 ejected by outlier detection; fewer than 50 % are left, so all take calls')
  expect(taking).toHaveLength(3)
})

test('without an ejection nothing is said of it', () => {
  expect(ask([]).texts).toEqual(['127.0.0.3:9080, 127.0.0.4:9080, 127.0.0.5:9080, round-robin'])
})
