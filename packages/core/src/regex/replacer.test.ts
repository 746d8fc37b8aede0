import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { regexFault } from './regex-fault.ts'
import { compileReplacer } from './replacer.ts'
import { expression } from './testdata/expression.ts'

test('what is replaced is what RE2 replaces', () => {
  fc.assert(
    fc.property(expression, fc.string({ unit: fc.constantFrom('a', 'b', '0', '/', '\u{1f600}'), maxLength: 8 }), (pattern, text) => {
      if (regexFault(pattern) !== undefined) return
      const replaced = RE2JS.compile(pattern).matcher(text).replaceAll('<>')
      expect(compileReplacer(pattern)?.(text, () => '<>')).toBe(replaced)
    }),
    { numRuns: 500 },
  )
})

test('groups are told, and those that took no part are undefined', () => {
  const replace = compileReplacer('/(a)|/(b)')
  expect(replace?.('/a/b', ([all, first, second]) => `[${all} ${first} ${second}]`)).toBe('[/a a undefined][/b undefined b]')
})

test('a search that reads to the end again and again is given up', () => {
  const replace = compileReplacer('.*x|.')
  expect(replace?.('a'.repeat(50), () => 'b')).toBe('b'.repeat(50))
  expect(replace?.('a'.repeat(50_000), () => 'b')).toBeUndefined()
})

test('many groups on a long text are given up', () => {
  expect(compileReplacer('(a)'.repeat(300))?.('a'.repeat(5_000), () => '')).toBeUndefined()
})

test('a text that grows beyond every path is given up', () => {
  expect(compileReplacer('.*')?.('a'.repeat(1_000), ([all]) => (all ?? '').repeat(100))).toBeUndefined()
})

test('what cannot be compiled replaces nothing', () => {
  expect(compileReplacer('(')).toBeUndefined()
  expect(compileReplacer('(.?){1000}N')).toBeUndefined()
})
