import type { PathMatch } from '../../view/route.ts'
import type { TextTest } from '../../regex/plain-form.ts'
import { compileText, type RegexCompiler } from './text.ts'

/** Compiles a path match over the path without its query string. Undefined when its regular expression cannot be compiled. */
export function compilePath(match: PathMatch, compile: RegexCompiler): TextTest | undefined {
  if (match.kind === 'prefix' && (match.value === '/' || match.value === '')) return EVERY_PATH
  return compileText(match, compile)
}

/** The part of a request target before `?`. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?')
  return mark < 0 ? target : target.slice(0, mark)
}

/** The part of a request target behind `?`, empty when there is none. */
export function queryOf(target: string): string {
  const mark = target.indexOf('?')
  return mark < 0 ? '' : target.slice(mark + 1)
}

/** Prefix `/` takes every path, `*` of OPTIONS included. */
const EVERY_PATH: TextTest = () => true
