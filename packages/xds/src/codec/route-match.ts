import type { Init } from './init.ts'
import type { PathMatch, RouteMatch } from '@mesh/core/view'
import type { RouteMatch as RouteMatchMessage, RouteMatchSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import { decodeHeaderMatch, decodeQueryMatch, encodeHeaderMatch, encodeQueryMatch } from './match.ts'
import { refuse } from './refusal.ts'
import { checkMatch } from './regex.ts'

export function encodeRouteMatch({ path, headers, query }: RouteMatch): Init<typeof RouteMatchSchema> {
  return {
    pathSpecifier: encodePath(path),
    ...(path.kind !== 'regex' && path.ignoreCase === true ? { caseSensitive: false } : {}),
    headers: headers.map(encodeHeaderMatch),
    queryParameters: query.map(encodeQueryMatch),
  }
}

export function decodeRouteMatch(match: RouteMatchMessage | undefined): RouteMatch {
  if (match === undefined) refuse('a route without a match')
  const decoded = {
    path: decodePath(match),
    headers: match.headers.map(decodeHeaderMatch),
    query: match.queryParameters.map(decodeQueryMatch),
  }
  for (const part of [{ name: 'the path', value: decoded.path }, ...decoded.headers, ...decoded.query]) checkMatch(part)
  return decoded
}

function encodePath(path: PathMatch): NonNullable<Init<typeof RouteMatchSchema>['pathSpecifier']> {
  if (path.kind === 'regex') return { case: 'safeRegex', value: { regex: path.value } }
  return { case: path.kind === 'exact' ? 'path' : 'prefix', value: path.value }
}

function decodePath({ pathSpecifier, caseSensitive }: RouteMatchMessage): PathMatch {
  if (pathSpecifier.case === undefined) refuse('a route match without a path')
  if (pathSpecifier.case === 'safeRegex') return { kind: 'regex', value: pathSpecifier.value.regex }
  const kind = pathSpecifier.case === 'path' ? 'exact' : 'prefix'
  return { kind, value: pathSpecifier.value, ...(caseSensitive === false ? { ignoreCase: true } : {}) }
}
