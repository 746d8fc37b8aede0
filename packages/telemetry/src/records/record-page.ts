import { troubleOf, type CallRecord, type Trouble } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { numbered, type Numbered } from './numbered.ts'
import type { RecordRing } from './record-ring.ts'

/** A record as it is told: with its number, and what is to be said of it. */
export interface ToldRecord extends CallRecord {
  readonly seq: number
  readonly trouble?: Trouble
}

/** A part of what a proxy remembers, oldest first. */
export interface RecordPage {
  /** When this memory began, Unix milliseconds: another value means other numbers. */
  readonly startedMs: number
  /** Number of the oldest that is kept, and when that call ended, Unix milliseconds. */
  readonly first: number
  readonly oldestMs?: number
  /** Number that the next call gets. */
  readonly next: number
  readonly records: readonly ToldRecord[]
}

export interface RecordQuery {
  /** Only those with a greater number, the oldest of them first to come; absent: the newest. */
  readonly after?: number
  /** Only those whose request id or trace id begins so. */
  readonly id?: string
  /** At most so many. */
  readonly limit?: number
}

/** Answers a question about a ring; texts are made here, not when a call ends. */
export function recordPage(
  ring: RecordRing,
  startedMs: number,
  { after, id, limit = LIMITS.recordsPerPage }: RecordQuery = {},
): RecordPage {
  const wanted = { after, limit: Math.min(limit, LIMITS.recordsPerPage) }
  const records = numbered(ring, id === undefined ? wanted : { ...wanted, fits: (record) => isAbout(record, id) })
  const oldest = ring.get(ring.first)
  const { first, next } = ring
  const since = oldest === undefined ? {} : { oldestMs: oldest.startMs + oldest.durationMs }
  return { startedMs, first, ...since, next, records: records.map(told) }
}

/** A record as it is told. */
export function told(record: Numbered<CallRecord>): ToldRecord {
  const trouble = troubleOf(record)
  return trouble === undefined ? record : { ...record, trouble }
}

/** Whether its request id or trace id begins so. */
export function isAbout({ requestId, trace }: CallRecord, id: string): boolean {
  return requestId?.toLowerCase().startsWith(id) === true || trace?.traceId.startsWith(id) === true
}
