import type { TextTest } from '../../regex/plain-form.ts'
import type { HeaderMatch } from '../../view/match.ts'
import { LIMITS } from '../limits.ts'
import type { RequestHead } from '../request.ts'
import { withoutPort } from '../route/domains.ts'
import { compileText, type RegexCompiler } from './text.ts'

export type HeadTest = (head: RequestHead) => boolean

/**
 * Compiles a header match with Envoy's semantics: an absent header satisfies an inverted test only, and one that was sent several
 * times is one text, joined by `,`. Undefined when its regular expression cannot be compiled.
 */
export function compileHeader(match: HeaderMatch, compile: RegexCompiler): HeadTest | undefined {
  const read = headerReader(match.name)
  const inverted = match.invert === true
  if (match.value.kind === 'present') return (head) => (read(head) !== undefined) !== inverted
  const test = compileText(match.value, compile)
  if (test === undefined) return undefined
  const absent = match.absentIsEmpty === true ? test('') !== inverted : inverted
  return (head) => {
    const value = read(head)
    return value === undefined ? absent : test(value) !== inverted
  }
}

/**
 * The same for a security decision, where it is not known which of several values the application will heed.
 * `unsure` true: any of them may satisfy the test, and so may any part of a list; false: each of them must, and all together.
 */
export function compileHeaderGuard(match: HeaderMatch, unsure: boolean, compile: RegexCompiler): HeadTest {
  const { name } = match
  const isHost = name === ':authority' || name === 'host'
  if (match.value.kind === 'present' || (name.startsWith(':') && !isHost)) return compileHeader(match, compile) ?? (() => unsure)
  const test = compileText(match.value, compile)
  if (test === undefined) return () => unsure
  const inverted = match.invert === true
  const absent = match.absentIsEmpty === true ? test('') !== inverted : inverted
  const any = unsure !== inverted
  const holds = any ? anyHolds : allHold
  return (head) => {
    const values = isHost ? hostsOf(head, any) : valuesOf(head, name)
    return values.length === 0 ? absent : holds(test, values) !== inverted
  }
}

/** A host is the same place whatever port is written behind it. */
function hostsOf({ authority }: RequestHead, any: boolean): readonly string[] {
  const host = any ? withoutPort(authority) : authority
  return host === authority ? [authority] : [authority, host]
}

/** Cookies are one list however many lines bring it (RFC 9113 section 8.2.3). */
function valuesOf(head: RequestHead, name: string): readonly string[] {
  const cookies = name === 'cookie' ? head.header(name) : undefined
  return cookies === undefined ? head.values(name) : [cookies]
}

/** One value, one part of a list, or all values as one text. A list that is longer than anybody's is taken for a match. */
function anyHolds(test: TextTest, values: readonly string[]): boolean {
  if (values.some(test) || (values.length > 1 && test(values.join(',')))) return true
  const lists = values.filter((value) => value.includes(','))
  if (lists.length === 0) return false
  const parts = lists.flatMap((list) => list.split(',', LIMITS.headerParts + 1))
  return parts.length > LIMITS.headerParts || parts.some((part) => test(part.trim()))
}

function allHold(test: TextTest, values: readonly string[]): boolean {
  return values.every((value) => test(value)) && (values.length === 1 || test(values.join(',')))
}

/** Reads a header or a pseudo header. */
export function headerReader(name: string): (head: RequestHead) => string | undefined {
  switch (name) {
    case ':method':
      return (head) => head.method
    case ':authority':
    case 'host':
      return (head) => head.authority
    case ':path':
      return (head) => head.path
    case ':scheme':
      return (head) => head.scheme
    default:
      return (head) => head.header(name)
  }
}
