import { expect, test } from 'vitest'
import { aCluster } from '../../engine/testdata/build.ts'
import { ClusterCalls } from './cluster-calls.ts'

const state = (parts: Parameters<typeof aCluster>[1]) => ({ cluster: aCluster('a', parts), endpoints: [] })

test('retries are bounded by what their cluster says, each cluster for itself', () => {
  const calls = new ClusterCalls()
  const of = state({ maxRetries: 2 })
  expect([calls.take(of), calls.take(of), calls.take(of)]).toEqual([true, true, false])
  calls.give(of)
  expect([calls.take(of), calls.take(of)]).toEqual([true, false])
  expect(calls.take({ ...of, cluster: { ...of.cluster, name: 'b' } })).toBe(true)
})

test('a retry budget grows with the tries under way', () => {
  const calls = new ClusterCalls()
  const of = state({ retryBudget: { percent: 50, minConcurrency: 1 } })
  const tries = Array.from({ length: 6 }, () => calls.begin(of))
  expect([1, 2, 3, 4].map(() => calls.take(of))).toEqual([true, true, true, false])
  for (const end of tries) end()
  for (let retry = 0; retry < 3; retry++) calls.give(of)
  expect([1, 2].map(() => calls.take(of))).toEqual([true, false])
})
