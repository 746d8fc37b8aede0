import type { ClientStatus, TypeStatus } from '@mesh/xds'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { PLAIN_NODE } from '../testdata/node.ts'
import type { PilotEvent } from './pilot-event.ts'
import { createPilotRecords, type PilotRecords } from './pilot-records.ts'

function cds(change: Partial<TypeStatus> = {}): TypeStatus {
  return {
    type: 'CDS',
    state: 'STALE',
    sentNonce: '',
    ackedNonce: undefined,
    sentSnapshot: undefined,
    ackedSnapshot: undefined,
    ackedSequence: 0,
    changedSequence: 0,
    error: undefined,
    errorSequence: 0,
    settled: false,
    resources: 3,
    ...change,
  }
}

const statusOf = (...types: readonly TypeStatus[]): ClientStatus => ({
  id: 1,
  sequence: 1,
  node: PLAIN_NODE,
  peer: { address: '127.2.0.1', port: 4711, principal: undefined },
  mode: 'delta',
  connectedAtMs: 1000,
  snapshot: 'one',
  types,
})

/** Records on a clock that a test sets. */
function recordsAt(): { readonly records: PilotRecords; at(ms: number): PilotRecords; told(): readonly string[] } {
  let now = 1000
  const records = createPilotRecords(() => now)
  return {
    records,
    at(ms) {
      now = ms
      return records
    },
    told: () => eventsOf(records.streams).map(lineOf),
  }
}

function eventsOf(ring: PilotRecords['streams']): readonly PilotEvent[] {
  return Array.from({ length: ring.next - ring.first }, (_, index) => ring.get(ring.first + index)).filter((one) => one !== undefined)
}

function lineOf(event: PilotEvent): string {
  const words = (...parts: readonly (string | number | undefined)[]): string => parts.filter((part) => part !== undefined).join(' ')
  switch (event.kind) {
    case 'page':
      return words(event.kind, event.path)
    case 'opened':
    case 'refused':
    case 'closed':
      return words(event.kind, event.node, event.openMs, event.reason)
    default:
      return words(event.kind, event.type, event.nonce, event.snapshot, event.ms, event.reason)
  }
}

test('a stream, what went over it and how long each answer took', () => {
  const { at, told } = recordsAt()
  at(1000).onStatus(statusOf(), false)
  at(1010).onStatus(statusOf(cds({ sentNonce: '1', sentSnapshot: 'one' })), false)
  at(1015).onStatus(statusOf(cds({ sentNonce: '1', sentSnapshot: 'one' })), false)
  at(1042).onStatus(statusOf(cds({ state: 'SYNCED', sentNonce: '1', sentSnapshot: 'one', ackedNonce: '1' })), false)
  at(5000).onStatus(statusOf(cds({ state: 'SYNCED', sentNonce: '1', sentSnapshot: 'one', ackedNonce: '1' })), true)
  expect(told()).toEqual(['opened reviews-0.default', 'sent CDS 1 one', 'ack CDS 1 one 32', 'closed reviews-0.default 4000'])
})

test('an answer and the next response may come in one state', () => {
  const { at, told } = recordsAt()
  at(1000).onStatus(statusOf(cds({ sentNonce: '1' })), false)
  at(1003).onStatus(statusOf(cds({ sentNonce: '2', ackedNonce: '1' })), false)
  at(1007).onStatus(statusOf(cds({ sentNonce: '3', ackedNonce: '1', error: 'bad' })), false)
  expect(told().slice(1)).toEqual(['sent CDS 1', 'ack CDS 1 3', 'sent CDS 2', 'nack CDS 2 4 bad', 'sent CDS 3'])
})

test('each refusal is told, also when it has the same reason as the one before', () => {
  const { at, told } = recordsAt()
  for (const [ms, nonce] of [
    [1000, '1'],
    [1100, '2'],
  ] as const) {
    at(ms).onStatus(statusOf(cds({ sentNonce: nonce, error: ms === 1000 ? undefined : 'a: bad' })), false)
    at(ms + 5).onStatus(statusOf(cds({ state: 'ERROR', sentNonce: nonce, error: 'a: bad' })), false)
    at(ms + 9).onStatus(statusOf(cds({ state: 'ERROR', sentNonce: nonce, error: 'a: bad' })), false)
  }
  expect(told().slice(1)).toEqual(['sent CDS 1', 'nack CDS 1 5 a: bad', 'sent CDS 2', 'nack CDS 2 5 a: bad'])
})

test('who was refused is told with the reason, texts are bounded', () => {
  const { records, told } = recordsAt()
  records.onRefused({ peer: { address: '127.2.0.9' }, message: 'it did not say who it is' })
  records.onRefused({ node: PLAIN_NODE, peer: { address: '127.2.0.9', principal: 'spiffe://a/b' }, message: 'x'.repeat(100_000) })
  expect(told()[0]).toBe('refused it did not say who it is')
  expect(told()[1]).toHaveLength('refused reviews-0.default '.length + LIMITS.recordTextLength + 1)
})

test('who polls pages pushes no stream out of memory', () => {
  const { records, told } = recordsAt()
  records.onStatus(statusOf(), false)
  for (let at = 0; at < 3 * LIMITS.records; at++) records.onPage({ path: '/debug/syncz', status: 200, ms: 1 })
  expect(told()).toEqual(['opened reviews-0.default'])
  expect(eventsOf(records.pages)).toHaveLength(LIMITS.records)
})
