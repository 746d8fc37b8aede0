import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { isAbout, told, type RecordPage, type RecordQuery, type ToldRecord } from './record-page.ts'
import { bytesOf } from './record-ring.ts'
import { createRing } from './ring.ts'

/** A record with its number, which counts over all threads. */
export interface NumberedRecord {
  readonly seq: number
  readonly record: CallRecord
}

/** The records that one of several threads keeps. */
export interface RecordPart {
  add(one: NumberedRecord): void
  /** What it has to say to a question; only of numbers below `before`. */
  answer(query: RecordQuery, before: number): PartAnswer
  all(): readonly NumberedRecord[]
}

/** Plain values, which can be sent to another thread. */
export interface PartAnswer {
  /** From this number on nothing of this part was given up. */
  readonly keptFrom: number
  /** Its oldest, and when that call ended, Unix milliseconds. */
  readonly oldest: { readonly seq: number; readonly endMs: number } | undefined
  readonly records: readonly ToldRecord[]
}

/** A part that keeps one of `parts` of what a process may keep. Numbers have to grow. */
export function createRecordPart(parts: number): RecordPart {
  const ring = createRing<NumberedRecord>({
    maxCount: Math.ceil(LIMITS.records / parts),
    maxBytes: Math.ceil(LIMITS.recordBytes / parts),
    bytesOf: ({ record }) => bytesOf(record),
  })
  const all = (): readonly NumberedRecord[] =>
    Array.from({ length: ring.next - ring.first }, (_, index) => ring.get(ring.first + index)).filter((one) => one !== undefined)
  return {
    add: (one) => ring.add(one),
    all,
    answer({ after, id, limit = LIMITS.recordsPerPage }, before) {
      const kept = all()
      const [oldest] = kept
      const found = kept.filter(
        ({ seq, record }) => seq < before && (after === undefined || seq > after) && (id === undefined || isAbout(record, id)),
      )
      return {
        keptFrom: ring.first === 1 ? 1 : (oldest?.seq ?? before),
        oldest: oldest === undefined ? undefined : { seq: oldest.seq, endMs: oldest.record.startMs + oldest.record.durationMs },
        records: cut(found, after, limit).map(({ seq, record }) => told({ seq, ...record })),
      }
    },
  }
}

/** What several parts say to one question, as one memory would; `next` is the number that they were asked below. */
export function joinParts(
  parts: readonly PartAnswer[],
  { startedMs, next, query }: { readonly startedMs: number; readonly next: number; readonly query: RecordQuery },
): RecordPage {
  const first = Math.max(1, ...parts.map(({ keptFrom }) => keptFrom))
  const [oldest] = parts
    .flatMap((part) => part.oldest ?? [])
    .filter(({ seq }) => seq >= first)
    .sort((left, right) => left.seq - right.seq)
  const records = parts
    .flatMap((part) => part.records)
    .filter(({ seq }) => seq >= first)
    .sort((left, right) => left.seq - right.seq)
  return {
    startedMs,
    first,
    ...(oldest === undefined ? {} : { oldestMs: oldest.endMs }),
    next,
    records: cut(records, query.after, Math.min(query.limit ?? LIMITS.recordsPerPage, LIMITS.recordsPerPage)),
  }
}

/** Behind a number the oldest are told first, else the newest. */
function cut<Item>(items: readonly Item[], after: number | undefined, limit: number): readonly Item[] {
  return after === undefined ? items.slice(Math.max(0, items.length - limit)) : items.slice(0, limit)
}
