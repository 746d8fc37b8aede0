import { expect, test } from 'vitest'
import { aCluster, anEndpoint } from '../engine/testdata/build.ts'
import type { Cluster, Endpoint } from '../view/cluster.ts'
import { createBalancer } from './balancer.ts'
import { maxRetries } from './max-retries.ts'

const hosts = (...weights: number[]): Endpoint[] => weights.map((weight, index) => anEndpoint(`127.0.0.${index + 1}`, { weight }))
const state = (balance: Cluster['balance'], endpoints: readonly Endpoint[]) => ({ cluster: aCluster('a', { balance }), endpoints })

test('round robin takes turns', () => {
  const balancer = createBalancer({ chance: () => 0 })
  const of = state('round-robin', hosts(1, 1, 1))
  expect(Array.from({ length: 6 }, () => balancer.pick(of, [])?.address)).toEqual([
    '127.0.0.1',
    '127.0.0.2',
    '127.0.0.3',
    '127.0.0.1',
    '127.0.0.2',
    '127.0.0.3',
  ])
})

test('weighted round robin serves each endpoint as often as its weight says, spread evenly', () => {
  const balancer = createBalancer({ chance: () => 0 })
  const of = state('round-robin', hosts(5, 1, 1))
  const picks = Array.from({ length: 7 }, () => balancer.pick(of, [])?.address)
  expect(picks.filter((address) => address === '127.0.0.1')).toHaveLength(5)
  expect(picks.join(' ')).not.toContain('127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1')
})

test.each([
  ['alike', [1, 1, 1]],
  ['by weight', [6, 2, 4]],
])('several balancers with the same turns serve endpoints %s together as one alone would', (_how, weights) => {
  const of = state('round-robin', hosts(...weights))
  const rounds = (pick: (turn: number) => string | undefined): readonly (string | undefined)[] =>
    Array.from({ length: 12 }, (_, turn) => pick(turn))
  const alone = createBalancer({ chance: () => 0 })
  let taken = 0
  const turnsOf = () => ({ next: () => taken++ })
  const several = [createBalancer({ chance: () => 0.7, turnsOf }), createBalancer({ chance: () => 0.2, turnsOf })]
  const together = rounds((turn) => several[(turn * turn) % 3 === 0 ? 0 : 1]?.pick(of, [])?.address)
  expect(together).toEqual(rounds(() => alone.pick(of, [])?.address))
})

test('a round of weights that is too long to be taken together is taken by each alone', () => {
  const of = state('round-robin', hosts(10_007, 1))
  const turnsOf = () => ({
    next: () => {
      throw new Error('no turn is to be taken')
    },
  })
  expect(createBalancer({ chance: () => 0, turnsOf }).pick(of, [])?.address).toBe('127.0.0.1')
})

test('random follows chance and weight', () => {
  const of = state('random', hosts(1, 3))
  const at = (chance: number) => createBalancer({ chance: () => chance }).pick(of, [])?.address
  expect([0, 0.24, 0.25, 0.99].map(at)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2'])
})

test('of two choices the less busy one serves', () => {
  const of = state('least-request', hosts(1, 1))
  const chances = [0, 0.9]
  let turn = 0
  const busy: Record<string, number> = { '127.0.0.1': 3, '127.0.0.2': 1 }
  const balancer = createBalancer({ chance: () => chances[turn++ % 2] ?? 0, activeOf: (_state, endpoint) => busy[endpoint.address] ?? 0 })
  expect(balancer.pick(of, [])?.address).toBe('127.0.0.2')
  busy['127.0.0.2'] = 5
  expect(balancer.pick(of, [])?.address).toBe('127.0.0.1')
})

test('an endpoint that was tried is avoided while there is another', () => {
  const balancer = createBalancer({ chance: () => 0 })
  const endpoints = hosts(1, 1)
  const of = state('round-robin', endpoints)
  const [first] = endpoints
  const tried = first === undefined ? [] : [first]
  expect([balancer.pick(of, tried), balancer.pick(of, tried), balancer.pick(of, tried)].map((it) => it?.address)).toEqual(
    Array(3).fill('127.0.0.2'),
  )
  expect(balancer.pick(state('round-robin', endpoints.slice(0, 1)), tried)).toBe(first)
  expect(balancer.pick(state('round-robin', []), [])).toBeUndefined()
})

test.each(['round-robin', 'random', 'least-request'] as const)(
  '%s picks no endpoint that is not available, for another try neither',
  (balance) => {
    const endpoints = hosts(1, 1, 1, 1)
    const left = endpoints.slice(2)
    const of = { cluster: aCluster('a', { balance, outlierDetection: DETECTION }), endpoints }
    let chance = 0
    const balancer = createBalancer({ chance: () => (chance = (chance + 0.37) % 1), activeOf: () => 0, availableOf: () => left })
    const picks = Array.from({ length: 40 }, (_, index) => balancer.pick(of, index % 2 === 0 ? [] : left.slice(0, 1)))
    expect(new Set(picks.map((picked) => picked?.address))).toEqual(new Set(['127.0.0.3', '127.0.0.4']))
    expect(createBalancer({ chance: () => 0, availableOf: () => [] }).pick(of, [])).toBeUndefined()
  },
)

test('without outlier detection nobody asks who is available', () => {
  const availableOf = (): never => {
    throw new Error('asked')
  }
  expect(createBalancer({ chance: () => 0, availableOf }).pick(state('random', hosts(1)), [])?.address).toBe('127.0.0.1')
})

test.each([
  [{ maxRetries: 3 }, 1_000, 3],
  [{}, 1, Infinity],
  [{ maxRetries: 1, retryBudget: { percent: 20, minConcurrency: 3 } }, 0, 3],
  [{ retryBudget: { percent: 20, minConcurrency: 3 } }, 19, 3],
  [{ retryBudget: { percent: 20, minConcurrency: 3 } }, 24, 4],
  [{ retryBudget: { percent: 0.5, minConcurrency: 0 } }, 399, 1],
  [{ retryBudget: { percent: 0, minConcurrency: 0 } }, 1_000, 0],
])('%j with %i calls allows %d retries', (cluster, calls, most) => {
  expect(maxRetries(cluster, calls)).toBe(most)
})

const DETECTION = {
  consecutive5xx: 5,
  consecutiveGatewayFailures: 0,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectionPercent: 10,
  alwaysEjectOne: true,
  minHealthPercent: 0,
}
