import { expect, test } from 'vitest'
import type { StoredSpan } from './read-spans.ts'
import { SpanStore } from './span-store.ts'
import { traceQuery } from './trace-query.ts'

const span = (traceId: string, id: number, change: Partial<StoredSpan> = {}): StoredSpan => ({
  traceId: traceId.padStart(32, '0'),
  id: id.toString(16).padStart(16, '0'),
  parentId: undefined,
  timestamp: 1_000_000 + id,
  duration: 100,
  localEndpoint: { serviceName: 'Reviews.default' },
  ...change,
})

const idsOf = (traces: readonly (readonly StoredSpan[])[]): readonly string[] =>
  traces.map((trace) => trace[0]?.traceId.replace(/^0+/, '') ?? '')

test('spans of a trace come together in the order of their start, long and short ids alike', () => {
  const store = new SpanStore()
  store.add([span('a', 2), span('b', 1), span('a', 1)])
  store.add([{ ...span('a', 3), traceId: 'a'.padStart(16, '0') }])
  expect(store.trace('A')?.map(({ id }) => Number(id))).toEqual([1, 2, 3])
  expect(store.trace('c')).toBeUndefined()
})

test('the bound holds for spans, traces and one trace, the quietest goes first', () => {
  const store = new SpanStore({ spans: 6, traces: 3, perTrace: 4 })
  store.add([span('a', 1), span('b', 1), span('c', 1), span('a', 2), span('d', 1)])
  expect(idsOf(store.find({ limit: 9 }))).toEqual(['d', 'a', 'c'])
  store.add([span('a', 3), span('a', 4), span('a', 5)])
  expect(store.trace('a')).toHaveLength(4)
  store.add([span('d', 2)])
  expect(idsOf(store.find({ limit: 9 }))).toEqual(['d', 'a'])
  expect(store.counts).toEqual({ spans: 6, traces: 2, evicted: 3 })
})

test('traces are found by service, span, duration and time, latest first', () => {
  const store = new SpanStore()
  store.add([
    span('a', 1),
    span('b', 1, { localEndpoint: { serviceName: 'ratings.default' }, name: 'GET' }),
    span('c', 1, { duration: 5000 }),
  ])
  const found = (query: string): readonly string[] => {
    const read = traceQuery(new URLSearchParams(query))
    if (read.kind === 'refused') throw new Error(read.reason)
    return idsOf(store.find(read.query))
  }
  expect(found('')).toEqual(['c', 'b', 'a'])
  expect(found('limit=2')).toEqual(['c', 'b'])
  expect(found('serviceName=reviews.default')).toEqual(['c', 'a'])
  expect(found('spanName=get')).toEqual(['b'])
  expect(found('minDuration=1000')).toEqual(['c'])
  expect(found('serviceName=reviews.default&maxDuration=1000')).toEqual(['a'])
  expect([found('endTs=2000&lookback=5000'), found('endTs=999'), found('endTs=9000&lookback=10')]).toEqual([['c', 'b', 'a'], [], []])
  expect(store.serviceNames()).toEqual(['ratings.default', 'reviews.default'])
})

test.each(['limit=-1', 'limit=many', 'limit=1e9', 'annotationQuery=error', 'endTs=1.5'])(
  'a query that does not fit is refused: %s',
  (query) => {
    expect(traceQuery(new URLSearchParams(query)).kind).toBe('refused')
  },
)
