import { readRecordQuery, type RecordPage, type RecordQuery } from '@mesh/telemetry'
import { compactJson, text, type AdminReply } from './routes.ts'

/** `/records`: the last calls and connections of this proxy, for `meshctl trace`, `tap`, `top` and `explain`. */
export async function recordsPage(
  read: (query: RecordQuery) => RecordPage | Promise<RecordPage>,
  search: URLSearchParams,
): Promise<AdminReply> {
  const query = readRecordQuery(search)
  return typeof query === 'string' ? text(query, 400) : compactJson(await read(query))
}
