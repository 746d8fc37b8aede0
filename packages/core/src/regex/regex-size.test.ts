import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { REGEX_LIMITS } from './limits.ts'
import { regexSize } from './regex-size.ts'
import { expression } from './testdata/expression.ts'

/** 0 for what is no expression, or too large to be tried. */
function instructions(pattern: string): number {
  try {
    return regexSize(pattern) > 20_000 ? 0 : RE2JS.compile(pattern).programSize()
  } catch {
    return 0
  }
}

test('the size is never less than the instructions of the program', () => {
  fc.assert(
    fc.property(expression, (pattern) => {
      expect(regexSize(pattern)).toBeGreaterThanOrEqual(instructions(pattern))
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['(.?){1000}N', 4_000],
  ['((a{10}){10}){10}', 1_000],
  ['(?:a?a?a?a?){250}', 2_000],
  ['(?:(?:(?:a{0,10}){0,10}){0,10})', 2_000],
  ['a{100}(?i){100}', 10_000],
  ['\\pL{30}\\pL\\pL\\pL\\pL\\pL', 280],
  ['(?i)[a-\\x{ffff}]', 1_100],
  ['(?i)[a-\uffff]', 1_100],
  ['(?i)[\\pL\\pN]{3}', 500],
])('%s counts at least %d', (pattern, least) => {
  expect(regexSize(pattern)).toBeGreaterThanOrEqual(least)
})

const OF_DAILY_USE = [
  '/api/v[0-9]+/users/[^/]+',
  '^(.*?;)?(user=jason)(;.*)?$',
  '(?i).*(googlebot|bingbot|yandex|baiduspider|duckduckbot|slurp|facebookexternalhit|twitterbot|linkedinbot).*',
  '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}',
  '([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.){1,4}[a-z]{2,63}',
  '[A-Za-z0-9._~-]{20,512}',
  '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}',
  'Bearer [A-Za-z0-9-_]+\\.[A-Za-z0-9-_]+\\.[A-Za-z0-9-_]*',
  '/(en|de|fr|es|it|pt|nl|pl|sv|da|fi|no|cs|sk|hu|ro|bg|el|tr|ru|uk|ja|ko|zh)(/.*)?',
  '(?i)[\\pL\\pN _-]{1,64}',
  '.*\\.(css|js|png|jpe?g|gif|svg|ico|woff2?|ttf|map)(\\?.*)?',
  `${`(${Array.from({ length: 150 }, (_, index) => `tenant-${index}`).join('|')}`.slice(0, 1_020)})`,
]

test('patterns of daily use are within the bound', () => {
  expect(OF_DAILY_USE.filter((pattern) => regexSize(pattern) > REGEX_LIMITS.patternSize)).toEqual([])
})

test('a pattern of permitted length that repeats nothing by number is within the bound', () => {
  const longest = ['a', 'a?', '(a)', '[a]', 'a|', '(a*)*', '\\d+'].map((part) => part.repeat(REGEX_LIMITS.patternChars / part.length))
  expect(longest.filter((pattern) => regexSize(pattern) > REGEX_LIMITS.patternSize)).toEqual([])
})
