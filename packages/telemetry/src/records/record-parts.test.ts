import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { callRecord } from '../testdata/records.ts'
import { recordPage, type RecordQuery } from './record-page.ts'
import { createRecordPart, joinParts } from './record-parts.ts'
import { createRecordRing } from './record-ring.ts'

const startedMs = 5
const record = (seq: number) => callRecord({ startMs: 1_000 + seq, durationMs: 0, requestId: `id-${seq % 4}-${seq}` })
const queries: readonly RecordQuery[] = [
  {},
  { limit: 3 },
  { after: 0 },
  { after: 4, limit: 2 },
  { id: 'id-2' },
  { after: 3, id: 'id-1', limit: 1 },
  { after: 99 },
]

test('several parts answer as one memory does', () => {
  const ring = createRecordRing()
  const parts = [createRecordPart(3), createRecordPart(3), createRecordPart(3)]
  for (let seq = 1; seq <= 20; seq++) {
    ring.add(record(seq))
    parts[(seq * seq) % 3]?.add({ seq, record: record(seq) })
  }
  for (const query of queries) {
    const answers = parts.map((part) => structuredClone(part.answer(query, 21)))
    expect(joinParts(answers, { startedMs, next: 21, query })).toEqual(recordPage(ring, startedMs, query))
  }
})

test('what ended while the parts were asked comes with the next question', () => {
  const part = createRecordPart(1)
  for (const seq of [1, 2, 3]) part.add({ seq, record: record(seq) })
  const page = joinParts([part.answer({ after: 0 }, 3)], { startedMs, next: 3, query: { after: 0 } })
  expect([page.next, page.records.map(({ seq }) => seq)]).toEqual([3, [1, 2]])
})

test('once a part gave records up, no older one of another part is told as if all were there', () => {
  const [busy, idle] = [createRecordPart(2), createRecordPart(2)]
  idle.add({ seq: 1, record: record(1) })
  const last = LIMITS.records + 1
  for (let seq = 2; seq <= last; seq++) busy.add({ seq, record: record(seq) })
  const page = joinParts([busy.answer({}, last + 1), idle.answer({}, last + 1)], { startedMs, next: last + 1, query: {} })
  expect(page.first).toBe(last - LIMITS.records / 2 + 1)
  expect(page.oldestMs).toBe(1_000 + page.first)
  expect(page.records.every(({ seq }) => seq >= page.first)).toBe(true)
})
