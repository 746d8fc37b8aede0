import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { createRing, type Ring } from './ring.ts'

/** The last calls and connections of one proxy. */
export type RecordRing = Ring<CallRecord>

/** A ring with the bounds of this package. */
export function createRecordRing(): RecordRing {
  return createRing({ maxCount: LIMITS.records, maxBytes: LIMITS.recordBytes, bytesOf })
}

/** An estimate: what a record holds for itself alone: its fields, and the texts that a caller sent. */
export function bytesOf(record: CallRecord): number {
  return (
    FIELDS_BYTES +
    record.path.length +
    record.authority.length +
    record.details.length +
    (record.userAgent?.length ?? 0) +
    (record.forwardedFor?.length ?? 0) +
    (record.failure?.length ?? 0)
  )
}

/** Some fifty fields, flags, trace ids, and texts whose length is bounded elsewhere. */
const FIELDS_BYTES = 1024
