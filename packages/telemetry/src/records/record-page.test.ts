import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { callRecord, tcpRecord } from '../testdata/records.ts'
import { readRecordQuery } from './read-query.ts'
import { recordPage, type RecordQuery } from './record-page.ts'
import { createRecordRing } from './record-ring.ts'

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', parentSpanId: undefined, sampled: false }

function ringOf(count: number) {
  const ring = createRecordRing()
  for (let at = 1; at <= count; at++)
    ring.add(callRecord({ startMs: at * 1000, durationMs: 1, requestId: `${String(at).padStart(8, '0')}-x` }))
  return ring
}

const numbers = (count: number, query: RecordQuery): number[] => recordPage(ringOf(count), 7, query).records.map(({ seq }) => seq)

test('without a number the newest come, with one those that follow it, always the oldest first', () => {
  expect(numbers(5, { limit: 2 })).toEqual([4, 5])
  expect(numbers(5, { after: 1, limit: 2 })).toEqual([2, 3])
  expect(numbers(5, { after: 5 })).toEqual([])
  expect(numbers(5, { after: 99 })).toEqual([])
  expect(numbers(5, { limit: 0 })).toEqual([])
})

test('who follows page by page sees each once, and sees by the first number what was lost', () => {
  const ring = ringOf(LIMITS.records + 300)
  const seen: number[] = []
  for (let after = 0; ; after = seen.at(-1) ?? 0) {
    const { records } = recordPage(ring, 7, { after })
    if (records.length === 0) break
    expect(records.length).toBeLessThanOrEqual(LIMITS.recordsPerPage)
    seen.push(...records.map(({ seq }) => seq))
  }
  const { first, next } = recordPage(ring, 7, { limit: 0 })
  expect([first, next]).toEqual([301, LIMITS.records + 301])
  expect(seen).toEqual(Array.from({ length: LIMITS.records }, (_, index) => first + index))
})

test('a call is found by the beginning of its request id or its trace id, in any case', () => {
  const ring = ringOf(3)
  ring.add(callRecord({ requestId: 'E71ABC12-AAAA', trace: TRACE }))
  ring.add(tcpRecord())
  const found = (id: string) => recordPage(ring, 7, { id }).records.map(({ seq }) => seq)
  expect([found('e71'), found('4bf92f'), found('00000002'), found('fff')]).toEqual([[4], [4], [2], []])
})

test('a page says since when it remembers, and what is wrong with a call', () => {
  const ring = createRecordRing()
  expect(recordPage(ring, 7)).toEqual({ startedMs: 7, first: 1, next: 1, records: [] })
  ring.add(callRecord({ startMs: 1000, durationMs: 4, status: 503, flags: ['UH'], madeHere: true, requestId: 'abc' }))
  const page = recordPage(ring, 7)
  expect(page).toMatchObject({ oldestMs: 1004, records: [{ seq: 1, status: 503, trouble: { code: 'UH', id: 'abc' } }] })
  expect(JSON.parse(JSON.stringify(page))).toMatchObject({
    records: [{ trouble: { message: expect.stringContaining('no healthy endpoint') } }],
  })
})

test('callers that send long texts cannot make it grow', () => {
  const ring = createRecordRing()
  for (let at = 0; at < 2 * LIMITS.records; at++) ring.add(callRecord({ path: `/${'x'.repeat(50_000)}` }))
  expect(ring.bytes).toBeLessThanOrEqual(LIMITS.recordBytes)
  expect(ring.next - ring.first).toBeGreaterThan(10)
})

test('questions are read, and refused with a sentence', () => {
  const read = (text: string) => readRecordQuery(new URLSearchParams(text))
  expect(read('')).toEqual({})
  expect(read('after=12&limit=5&id=E71')).toEqual({ after: 12, limit: 5, id: 'e71' })
  for (const bad of ['after=-1', 'after=', 'limit=x', 'limit=1e3', 'id=ab', 'id=', 'id=a%0Ab']) expect(typeof read(bad)).toBe('string')
})
