import type { CallRecord } from '@mesh/core/call'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { createTroubleLog } from './trouble-log.ts'

/** As much of a record as a log of troubles looks at. */
function refusal(change: Partial<CallRecord> = {}): CallRecord {
  const record: Partial<CallRecord> = {
    protocol: 'http',
    startMs: 0,
    durationMs: 1,
    status: 503,
    flags: ['UH'],
    details: 'no_healthy_upstream',
    madeHere: true,
    cluster: 'outbound|80||a',
    method: 'GET',
    authority: 'a',
    path: '/',
    ...change,
  }
  return record as CallRecord
}

function logOf(records: readonly CallRecord[]): readonly (readonly [code: string, leftOut: number])[] {
  const told: (readonly [string, number])[] = []
  const log = createTroubleLog(
    ({ code }, leftOut) => told.push([code, leftOut]),
    () => now,
  )
  for (const record of records) log(record)
  return told
}

let now = 0

test('a refused request is told, a page that a route is there to answer is not', () => {
  const cause = { kind: 'VirtualService', namespace: 'default', name: 'a' }
  expect(logOf([refusal()])).toEqual([['UH', 0]])
  expect(logOf([refusal({ status: 404, flags: [], details: 'direct_response', cause })])).toEqual([])
  expect(logOf([refusal({ status: 301, flags: [], details: 'direct_response', cause })])).toEqual([])
  const denied = { protocol: 'tcp', status: 0, flags: [], details: 'rbac_access_denied_matched_policy[none]' } as const
  expect(logOf([refusal(denied)])).toEqual([['rbac_access_denied_matched_policy', 0]])
})

test('a flood is told in part, and hides nothing of another sort', () => {
  const told: (readonly [string, number])[] = []
  const log = createTroubleLog(
    ({ code }, leftOut) => told.push([code, leftOut]),
    () => now,
  )
  for (let at = 0; at < 1000; at++) log(refusal())
  log(refusal({ status: 404, flags: ['NR'] }))
  expect(told).toHaveLength(LIMITS.troubleLinesPerSecond + 1)
  expect(told.at(-1)).toEqual(['NR', 0])
  now += 1000
  log(refusal())
  expect(told.at(-1)).toEqual(['UH', 1000 - LIMITS.troubleLinesPerSecond])
})
