import { expect, test } from 'vitest'
import { clientJudge, serverJudge } from './judge.ts'
import { parseSpiffeId } from './spiffe-id.ts'

const REVIEWS = 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews'

test('a SPIFFE id of a workload is read', () => {
  expect(parseSpiffeId(REVIEWS)).toEqual({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'bookinfo-reviews' })
})

test.each([
  '',
  'spiffe://cluster.local',
  `${REVIEWS}/more`,
  `${REVIEWS}?x`,
  `${REVIEWS}\u0000`,
  'spiffe://Cluster.Local/ns/default/sa/a',
  'spiffe://a@b/ns/default/sa/a',
  'spiffe://cluster.local/ns/../sa/a',
  'SPIFFE://cluster.local/ns/default/sa/a',
  `spiffe://cluster.local/ns/default/sa/${'a'.repeat(3000)}`,
])('%j is none', (id) => {
  expect(parseSpiffeId(id)).toBeUndefined()
  expect(clientJudge([])(id)).toBeDefined()
})

test('a client is accepted from the trust domains that are named', () => {
  expect(clientJudge([])(REVIEWS)).toBeUndefined()
  expect(clientJudge(['cluster.local'])(REVIEWS)).toBeUndefined()
  expect(clientJudge(['other'])(REVIEWS)).toBe('Trust domain cluster.local is not accepted here.')
  expect(clientJudge([])(undefined)).toBeDefined()
})

test('a server is accepted by the accounts that may back its service, and an empty list accepts nobody', () => {
  const judge = serverJudge([{ kind: 'exact', value: REVIEWS }])
  expect(judge(REVIEWS)).toBeUndefined()
  expect(judge(`${REVIEWS}2`)).toBe(`${REVIEWS}2 may not serve this destination.`)
  expect(judge(undefined)).toBeDefined()
  expect(serverJudge([])(REVIEWS)).toBeDefined()
  expect(serverJudge([{ kind: 'regex', value: '(' }])(REVIEWS)).toBeDefined()
})
