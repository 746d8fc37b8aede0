import type { PathMatch } from '../../view/route.ts'
import { compileText } from './text.ts'
import type { TextTest } from './regex.ts'

/** Compiles a path match over the path without its query string. Undefined when its regular expression is none. */
export function compilePath(match: PathMatch): TextTest | undefined {
  if (match.kind === 'prefix' && (match.value === '/' || match.value === '')) return EVERY_PATH
  return compileText(match)
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
