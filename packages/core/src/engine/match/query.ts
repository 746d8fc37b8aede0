import type { QueryMatch } from '../../view/match.ts'
import { compileText, type RegexCompiler } from './text.ts'

export type QueryTest = (query: QueryParams) => boolean

/** Compiles a query parameter match: the first parameter of that name counts. Undefined when its regular expression cannot be compiled. */
export function compileQuery(match: QueryMatch, compile: RegexCompiler): QueryTest | undefined {
  const { name } = match
  if (match.value.kind === 'present') return (query) => query.value(name) !== undefined
  const test = compileText(match.value, compile)
  if (test === undefined) return undefined
  return (query) => {
    const value = query.value(name)
    return value !== undefined && test(value)
  }
}

/** The parameters of a query string (without `?`), read once when first asked for, however many routes ask. */
export class QueryParams {
  readonly #query: string
  #values: Map<string, string> | undefined

  constructor(query: string) {
    this.#query = query
  }

  /** The value as it was sent, percent-encoding kept; empty for a name without `=`. */
  value(name: string): string | undefined {
    this.#values ??= readParams(this.#query)
    return this.#values.get(name)
  }
}

function readParams(query: string): Map<string, string> {
  const values = new Map<string, string>()
  if (query === '') return values
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    if (!values.has(name)) values.set(name, equals < 0 ? '' : part.slice(equals + 1))
  }
  return values
}
