import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { REGEX_LIMITS } from './limits.ts'
import { regexFault } from './regex-fault.ts'
import { compileRegex, Regexes } from './regexes.ts'
import { expression } from './testdata/expression.ts'

const text = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', '0', '-', '/', '\n'), maxLength: 10 }), fc.string({ maxLength: 6 }))
const written = fc.tuple(fc.constantFrom('', 'a', 'ab', '^a', '/a'), expression).map((parts) => parts.join(''))

test('the short ways answer as RE2 does', () => {
  fc.assert(
    fc.property(written, fc.array(text, { maxLength: 6 }), (pattern, texts) => {
      if (regexFault(pattern) !== undefined) return
      const test = compileRegex(pattern)
      const re2 = RE2JS.compile(pattern)
      for (const one of [...texts, `a${texts[0] ?? ''}`, `/a${texts[0] ?? ''}`])
        expect([one, test?.(one)]).toEqual([one, re2.testExact(one)])
    }),
    { numRuns: 800 },
  )
})

test.each(['(', '(?=a)', 'a'.repeat(1025), '(.?){1000}N', '(?:(?:a?){40}){40}', '(?:a?a?a?a?){400}', '\\pL'.repeat(340)])(
  'what is no RE2, or too large, is told: %.40s',
  (pattern) => {
    expect(compileRegex(pattern)).toBeUndefined()
    expect(regexFault(pattern)).toHaveProperty('fix')
  },
)

test('a pattern that makes backtracking explode is answered', () => {
  const test = compileRegex('(a+)+b')
  expect(test?.('a'.repeat(10_000))).toBe(false)
  expect(test?.(`${'a'.repeat(100)}b`)).toBe(true)
})

/** Seen by no literal, and never at an end before the text is. */
const wild = (index: number): string => `.*[ab].{40}x${index}`
const long = 'ab'.repeat(20_000)

test('the work of one decision ends, whatever it asks', () => {
  const regexes = new Regexes()
  const tests = Array.from({ length: 60 }, (_, index) => regexes.compile(wild(index)))
  regexes.begin()
  for (const test of tests) test?.(long)
  expect(regexes.exhausted).toBe(true)
  expect(tests.some((test) => test?.('/x') === true)).toBe(false)
  regexes.begin()
  expect(regexes.exhausted).toBe(false)
  expect(regexes.compile('.*[ab].*x1')?.('ab-x1')).toBe(true)
})

test('a question that was answered in this decision costs nothing', () => {
  const regexes = new Regexes()
  const path = 'ab'.repeat(REGEX_LIMITS.keptTextChars / 2)
  regexes.begin()
  for (let route = 0; route < 1_000; route++) regexes.compile('.*[ab].{40}x')?.(path)
  expect(regexes.exhausted).toBe(false)
})

test('all expressions of a table together have a bound', () => {
  const regexes = new Regexes()
  const many = Array.from({ length: 400 }, (_, index) => regexes.compile(`[ab]{1,200}-${index}`))
  expect(many[0]?.('a-0')).toBe(true)
  expect(many.at(-1)).toBeUndefined()
  expect(many.filter((test) => test !== undefined).length).toBeGreaterThan(100)
})
