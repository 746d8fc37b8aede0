import { expect, test } from 'vitest'
import { aCluster, anEndpoint, aRoute, aTable, aView } from './testdata/build.ts'
import { chooseCluster } from './choose-cluster.ts'
import { compileEngine } from './compile-engine.ts'

const view = aView({
  routes: [aTable([aRoute()])],
  clusters: [aCluster('a'), aCluster('b')],
  endpoints: [
    { cluster: 'a', endpoints: [anEndpoint('127.0.0.3'), anEndpoint('127.0.0.4', { healthy: false })] },
    { cluster: 'b', endpoints: [anEndpoint('127.0.0.5')] },
  ],
})

test('only healthy endpoints are offered', () => {
  expect(
    compileEngine(view)
      .cluster('a')
      ?.endpoints.map(({ address }) => address),
  ).toEqual(['127.0.0.3'])
})

test('what did not change is taken over from the engine before, copies included', () => {
  const before = compileEngine(view)
  const after = compileEngine(structuredClone({ ...view, clusters: [aCluster('a'), aCluster('b', { balance: 'random' })] }), before)
  expect(after.table({ kind: 'rds', name: 'table' })).toBe(before.table({ kind: 'rds', name: 'table' }))
  expect(after.cluster('a')).toBe(before.cluster('a'))
  expect(after.cluster('b')).not.toBe(before.cluster('b'))
  expect(after.cluster('b')?.endpoints[0]).toBe(before.cluster('b')?.endpoints[0])
})

test('new endpoints of one cluster leave all else as it is', () => {
  const before = compileEngine(view)
  const endpoints = [
    { cluster: 'a', endpoints: [anEndpoint('127.0.0.3'), anEndpoint('127.0.0.6')] },
    view.endpoints[1] ?? { cluster: 'b', endpoints: [] },
  ]
  const after = compileEngine({ ...view, endpoints }, before)
  expect(after.cluster('a')?.endpoints).toHaveLength(2)
  expect(after.cluster('a')?.endpoints[0]).toBe(before.cluster('a')?.endpoints[0])
  expect(after.cluster('b')).toBe(before.cluster('b'))
})

test('shares follow chance exactly', () => {
  const engine = compileEngine(view)
  const split = aRoute({
    action: {
      kind: 'forward',
      clusters: [
        { cluster: 'a', weight: 80 },
        { cluster: 'gone', weight: 0 },
        { cluster: 'b', weight: 20 },
      ],
    },
  })
  const at = (chance: number) => chooseCluster(engine, split, chance)?.target.cluster
  expect([0, 0.7999, 0.8, 0.9999].map(at)).toEqual(['a', 'a', 'b', 'b'])
  const nowhere = aRoute({ action: { kind: 'forward', clusters: [{ cluster: 'a', weight: 0 }] } })
  expect(chooseCluster(engine, nowhere, 0.5)).toBeUndefined()
})

test('a route to a cluster that the view does not have says so', () => {
  const lost = aRoute({ action: { kind: 'forward', clusters: [{ cluster: 'gone', weight: 1 }] } })
  expect(chooseCluster(compileEngine(view), lost, 0)).toMatchObject({ cluster: undefined, target: { cluster: 'gone' } })
})
