import type { Route } from '../../view/route.ts'
import { compileHeader, headerReader } from '../match/header.ts'
import { compilePath } from '../match/path.ts'
import { compileQuery, type QueryParams } from '../match/query.ts'
import { describeText, type RegexCompiler } from '../match/text.ts'
import type { RequestHead } from '../request.ts'

/** One part of a route's match; all of them must hold. */
export interface RoutePart {
  holds(head: RequestHead, path: string, query: QueryParams): boolean
  /** Why it did not hold. */
  why(head: RequestHead, path: string, query: QueryParams): string
}

/** Compiles a route's match into its parts, cheapest first; what cannot be compiled never holds. */
export function compileParts(route: Route, compile: RegexCompiler): readonly RoutePart[] {
  const { match } = route
  const path = match.path.kind === 'prefix' && (match.path.value === '/' || match.path.value === '') ? [] : [pathPart(route, compile)]
  return [...path, ...match.headers.map((one) => headerPart(one, compile)), ...match.query.map((one) => queryPart(one, compile))]
}

/** The first part that does not hold; undefined when the route matches. */
export function failingPart(parts: readonly RoutePart[], head: RequestHead, path: string, query: QueryParams): RoutePart | undefined {
  for (const part of parts) if (!part.holds(head, path, query)) return part
  return undefined
}

function pathPart({ match }: Route, compile: RegexCompiler): RoutePart {
  const test = compilePath(match.path, compile)
  if (test === undefined) return broken(`path ${describeText(match.path)}`)
  return {
    holds: (_head, path) => test(path),
    why: (_head, path) => `path is ${JSON.stringify(path)}, wanted ${describeText(match.path)}`,
  }
}

function headerPart(match: Route['match']['headers'][number], compile: RegexCompiler): RoutePart {
  const test = compileHeader(match, compile)
  if (test === undefined) return broken(`header ${match.name} ${describeText(match.value)}`)
  const read = headerReader(match.name)
  const not = match.invert === true ? 'not ' : ''
  return {
    holds: (head) => test(head),
    why(head) {
      const value = read(head)
      return `${titleOf(match.name)} is ${value === undefined ? 'absent' : JSON.stringify(value)}, wanted ${not}${describeText(match.value)}`
    },
  }
}

function queryPart(match: Route['match']['query'][number], compile: RegexCompiler): RoutePart {
  const test = compileQuery(match, compile)
  if (test === undefined) return broken(`query parameter ${match.name} ${describeText(match.value)}`)
  return {
    holds: (_head, _path, query) => test(query),
    why(_head, _path, query) {
      const value = query.value(match.name)
      return `query parameter ${match.name} is ${value === undefined ? 'absent' : JSON.stringify(value)}, wanted ${describeText(match.value)}`
    },
  }
}

function broken(what: string): RoutePart {
  return { holds: () => false, why: () => `${what} cannot be understood, so it never matches` }
}

function titleOf(name: string): string {
  return name.startsWith(':') ? name.slice(1) : `header ${name}`
}
