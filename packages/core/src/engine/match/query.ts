import type { QueryMatch } from '../../view/match.ts'
import { compileText } from './text.ts'

/** Tests the query string (without `?`). */
export type QueryTest = (query: string) => boolean

/** Compiles a query parameter match: the first parameter of that name counts. Undefined when its regular expression is none. */
export function compileQuery(match: QueryMatch): QueryTest | undefined {
  const { name } = match
  if (match.value.kind === 'present') return (query) => queryValue(query, name) !== undefined
  const test = compileText(match.value)
  if (test === undefined) return undefined
  return (query) => {
    const value = queryValue(query, name)
    return value !== undefined && test(value)
  }
}

/** The value of a query parameter as it was sent, percent-encoding kept; empty for a name without `=`. */
export function queryValue(query: string, name: string): string | undefined {
  let at = 0
  while (at <= query.length && query !== '') {
    const next = query.indexOf('&', at)
    const end = next < 0 ? query.length : next
    const equals = query.indexOf('=', at)
    const nameEnd = equals < 0 || equals > end ? end : equals
    if (nameEnd - at === name.length && query.startsWith(name, at)) return query.slice(Math.min(nameEnd + 1, end), end)
    if (next < 0) return undefined
    at = next + 1
  }
  return undefined
}
