import type { HeaderMatch, QueryMatch } from '../../view/match.ts'
import type { PathMatch, RouteMatch } from '../../view/route.ts'
import type { HttpMatchBody, StringMatchBody } from '../bodies.ts'
import { compareText } from '../order.ts'
import { stringMatch } from './string-match.ts'

/** What every request satisfies. */
export const ANY_REQUEST: RouteMatch = { path: { kind: 'prefix', value: '/' }, headers: [], query: [] }

/** Istio `HTTPMatchRequest` as far as the request decides; what the caller decides is settled before (`applies`). */
export function routeMatch(body: HttpMatchBody): RouteMatch {
  return {
    path: pathMatch(body.uri, body.ignoreUriCase === true),
    headers: [
      ...pseudo(':method', body.method),
      ...pseudo(':scheme', body.scheme),
      ...pseudo(':authority', body.authority),
      ...headers(body.headers, false),
      ...headers(body.withoutHeaders, true),
    ],
    query: sorted(body.queryParams).map(([name, value]): QueryMatch => ({ name, value: stringMatch(value) ?? { kind: 'present' } })),
  }
}

/** Whether a match asks nothing of a request. */
export function isCatchAll(match: RouteMatch): boolean {
  const { path, headers: asked, query } = match
  return path.kind === 'prefix' && path.value === '/' && asked.length === 0 && query.length === 0
}

function pathMatch(uri: StringMatchBody | undefined, ignoreCase: boolean): PathMatch {
  const match = uri === undefined ? undefined : stringMatch(uri)
  if (match === undefined) return ANY_REQUEST.path
  if (match.kind === 'regex') return match
  const kind = match.kind === 'exact' ? 'exact' : 'prefix'
  return ignoreCase ? { kind, value: match.value, ignoreCase } : { kind, value: match.value }
}

function pseudo(name: string, body: StringMatchBody | undefined): readonly HeaderMatch[] {
  const value = body === undefined ? undefined : stringMatch(body)
  return value === undefined ? [] : [{ name, value }]
}

function headers(asked: Readonly<Record<string, StringMatchBody>> | undefined, invert: boolean): readonly HeaderMatch[] {
  return sorted(asked)
    .filter(([name]) => !IGNORED.has(name))
    .map(([name, body]) => {
      const value = stringMatch(body) ?? { kind: 'present' as const }
      const match = { name: name.toLowerCase(), value }
      return invert ? { ...match, invert } : match
    })
}

function sorted<Value>(record: Readonly<Record<string, Value>> | undefined): readonly (readonly [string, Value])[] {
  return Object.entries(record ?? {}).sort(([left], [right]) => compareText(left, right))
}

/** Istio ignores these below `headers`; they stand beside it. */
const IGNORED: ReadonlySet<string> = new Set(['uri', 'scheme', 'method', 'authority'])
