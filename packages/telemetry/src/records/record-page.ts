import { troubleOf, type CallRecord, type Trouble } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
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
export function recordPage(ring: RecordRing, startedMs: number, query: RecordQuery = {}): RecordPage {
  const limit = Math.min(query.limit ?? LIMITS.recordsPerPage, LIMITS.recordsPerPage)
  const records = query.after === undefined ? newest(ring, query.id, limit) : following(ring, query.after, query.id, limit)
  const oldest = ring.get(ring.first)
  const { first, next } = ring
  return { startedMs, first, ...(oldest === undefined ? {} : { oldestMs: oldest.startMs + oldest.durationMs }), next, records }
}

function newest(ring: RecordRing, id: string | undefined, limit: number): ToldRecord[] {
  const found: ToldRecord[] = []
  for (let seq = ring.next - 1; seq >= ring.first && found.length < limit; seq--) push(found, ring, seq, id)
  return found.toReversed()
}

function following(ring: RecordRing, after: number, id: string | undefined, limit: number): ToldRecord[] {
  const found: ToldRecord[] = []
  for (let seq = Math.max(after + 1, ring.first); seq < ring.next && found.length < limit; seq++) push(found, ring, seq, id)
  return found
}

function push(found: ToldRecord[], ring: RecordRing, seq: number, id: string | undefined): void {
  const record = ring.get(seq)
  if (record === undefined || (id !== undefined && !isAbout(record, id))) return
  const trouble = troubleOf(record)
  found.push({ seq, ...record, ...(trouble === undefined ? {} : { trouble }) })
}

function isAbout({ requestId, trace }: CallRecord, id: string): boolean {
  return requestId?.toLowerCase().startsWith(id) === true || trace?.traceId.startsWith(id) === true
}
