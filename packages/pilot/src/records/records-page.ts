import { numbered, readRecordQuery } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'
import type { PilotRecords } from './pilot-records.ts'

/** `/debug/records?of=streams|pages&after=SEQ&limit=N`: what pilot did last; a sentence when the question is not understood. */
export function recordsOf(search: URLSearchParams, records: PilotRecords): unknown {
  const of = search.get('of') ?? 'streams'
  if (of !== 'streams' && of !== 'pages') return 'of takes streams or pages.'
  const query = readRecordQuery(search)
  if (typeof query === 'string') return query
  const ring = records[of]
  const { first, next } = ring
  const limit = Math.min(query.limit ?? LIMITS.recordsPerPage, LIMITS.recordsPerPage)
  return { startedMs: records.startedMs, of, first, next, records: numbered(ring, { after: query.after, limit }) }
}
