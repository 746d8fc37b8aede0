import type { StringMatch } from '../../view/match.ts'
import { compileRegex, type TextTest } from './regex.ts'

/** Compiles a string match; undefined when its regular expression is none. */
export function compileText(match: StringMatch): TextTest | undefined {
  if (match.kind === 'regex') return compileRegex(match.value)
  if (match.ignoreCase !== true) return testOf(match.kind, match.value)
  const test = testOf(match.kind, match.value.toLowerCase())
  return (text) => test(text.toLowerCase())
}

function testOf(kind: 'exact' | 'prefix' | 'suffix' | 'contains', value: string): TextTest {
  switch (kind) {
    case 'exact':
      return (text) => text === value
    case 'prefix':
      return (text) => text.startsWith(value)
    case 'suffix':
      return (text) => text.endsWith(value)
    case 'contains':
      return (text) => text.includes(value)
  }
}

/** `exactly "jason"`, `starting with "/v2"`: how a match is told. */
export function describeText(match: StringMatch | { readonly kind: 'present' }): string {
  if (match.kind === 'present') return 'present'
  return `${WORDS[match.kind]} ${JSON.stringify(match.value)}`
}

const WORDS = {
  exact: 'exactly',
  prefix: 'starting with',
  suffix: 'ending with',
  contains: 'containing',
  regex: 'matching the regular expression',
} as const
