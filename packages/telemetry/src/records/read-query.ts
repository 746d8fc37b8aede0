import type { RecordQuery } from './record-page.ts'

/** Reads `?after=SEQ&id=PREFIX&limit=N`; a sentence when it cannot be understood. */
export function readRecordQuery(search: URLSearchParams): RecordQuery | string {
  const after = numberIn(search, 'after')
  const limit = numberIn(search, 'limit')
  if (Number.isNaN(after) || Number.isNaN(limit)) return 'after and limit take a number.'
  const id = search.get('id')?.toLowerCase()
  if (id !== undefined && !ID.test(id)) return 'id takes the beginning of a request id or trace id, at least 3 characters of it.'
  return { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }), ...(id === undefined ? {} : { id }) }
}

const ID = /^[\x21-\x7e]{3,128}$/

function numberIn(search: URLSearchParams, name: string): number | undefined {
  const text = search.get(name)
  if (text === null) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}
