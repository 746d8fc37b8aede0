import type { HeaderMatch } from '../../view/match.ts'
import type { RequestHead } from '../request.ts'
import { compileText } from './text.ts'
import type { TextTest } from './regex.ts'

export type HeadTest = (head: RequestHead) => boolean

/**
 * Compiles a header match with Envoy's semantics: an absent header satisfies an inverted test only.
 * Undefined when its regular expression is none.
 */
export function compileHeader(match: HeaderMatch): HeadTest | undefined {
  const read = headerReader(match.name)
  const inverted = match.invert === true
  if (match.value.kind === 'present') return (head) => (read(head) !== undefined) !== inverted
  const test = compileText(match.value)
  if (test === undefined) return undefined
  const absent = match.absentIsEmpty === true ? test('') !== inverted : inverted
  return (head) => {
    const value = read(head)
    return value === undefined ? absent : test(value) !== inverted
  }
}

/**
 * The same for a security decision, where a header that was sent several times must not slip through:
 * `unsure` true means that any of the values may satisfy the test, false that the joined value must.
 */
export function compileHeaderGuard(match: HeaderMatch, unsure: boolean): HeadTest {
  if (match.value.kind === 'present' || match.name.startsWith(':')) return compileHeader(match) ?? (() => unsure)
  const test = compileText(match.value)
  if (test === undefined) return () => unsure
  const read = headerReader(match.name)
  const inverted = match.invert === true
  const absent = match.absentIsEmpty === true ? test('') !== inverted : inverted
  return (head) => {
    const value = read(head)
    if (value === undefined) return absent
    if (!value.includes(',')) return test(value) !== inverted
    return inverted ? !holds(test, value, !unsure) : holds(test, value, unsure)
  }
}

/** Tests a joined value; `any`: one of its parts is enough. */
function holds(test: TextTest, value: string, any: boolean): boolean {
  if (test(value)) return true
  return any && value.split(',').some((part) => test(part.trim()))
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
