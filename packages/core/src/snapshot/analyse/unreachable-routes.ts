import type { ObjectOf } from '../../config/kinds.ts'
import type { HttpMatch } from '../../config/kinds/virtual-service-match.ts'
import { canonicalJson } from '../content-hash.ts'
import { objectsOf } from '../objects-of.ts'
import type { Analysis } from './analysis.ts'

type VirtualService = ObjectOf<'VirtualService'>

/** Routes behind one that takes everything, and routes that ask for what an earlier one has asked for. */
export function unreachableRoutes(analysis: Analysis): void {
  for (const rule of objectsOf(analysis.snapshot, 'VirtualService')) {
    const asked = new Map<string, number>()
    let takesAll: number | undefined
    for (const [index, route] of (rule.body.http ?? []).entries()) {
      const matches = route.match ?? []
      if (takesAll !== undefined) {
        analysis.report(
          'IST0130',
          rule,
          ['spec', 'http', index],
          `Route ${takesAll + 1} takes every request, so route ${index + 1} is never reached.`,
          'Put the route without `match` last.',
        )
        continue
      }
      const keys = matches.map((match) => canonicalJson({ ...match, name: undefined, statPrefix: undefined }))
      const earlier = keys.map((key) => asked.get(key))
      if (keys.length > 0 && earlier.every((place) => place !== undefined)) {
        analysis.report(
          'IST0130',
          rule,
          ['spec', 'http', index, 'match'],
          `Route ${(earlier[0] ?? 0) + 1} asks for the same, so route ${index + 1} is never reached.`,
        )
      } else reportMatches(analysis, rule, index, earlier)
      for (const key of keys) if (!asked.has(key)) asked.set(key, index)
      if (matches.length === 0 || matches.some(matchesAll)) takesAll = index
    }
  }
}

/** Some matches of a route ask for what an earlier route has asked for. */
function reportMatches(analysis: Analysis, rule: VirtualService, index: number, earlier: readonly (number | undefined)[]): void {
  for (const [place, route] of earlier.entries()) {
    if (route === undefined) continue
    const message = `Route ${route + 1} asks for the same, so match ${place + 1} of route ${index + 1} is never used.`
    analysis.report('IST0131', rule, ['spec', 'http', index, 'match', place], message, 'Leave the match out.')
  }
}

function matchesAll(match: HttpMatch): boolean {
  const parts = Object.entries(match).filter(([field, value]) => value !== undefined && !REMARKS.has(field) && !isEmptyMap(value))
  return parts.every(([field]) => field === 'uri') && (match.uri === undefined || match.uri.prefix === '/' || match.uri.prefix === '')
}

const REMARKS = new Set(['name', 'statPrefix', 'ignoreUriCase'])

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
