import { readRecordQuery, recordPage, type RecordRing } from '@mesh/telemetry'
import { compactJson, text, type AdminReply } from './routes.ts'

/** `/records`: the last calls and connections of this proxy, for `meshctl trace`, `tap`, `top` and `explain`. */
export function recordsPage(ring: RecordRing, startedMs: number, search: URLSearchParams): AdminReply {
  const query = readRecordQuery(search)
  return typeof query === 'string' ? text(query, 400) : compactJson(recordPage(ring, startedMs, query))
}
