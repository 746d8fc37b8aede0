import type { StringMatch } from '../../view/match.ts'
import type { TextTest } from '../../regex/plain-form.ts'
import { compileRegex } from '../../regex/regexes.ts'

/** Compiles a regular expression; undefined when it is none, or larger than its bounds. */
export type RegexCompiler = (pattern: string) => TextTest | undefined

/** Compiles a string match; undefined when its regular expression cannot be compiled. */
export function compileText(match: StringMatch, compile: RegexCompiler = compileRegex): TextTest | undefined {
  if (match.kind === 'regex') return compile(match.value)
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
