import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { compileRegex } from './regex.ts'

test('the short ways answer as RE2 does', () => {
  const literal = fc.stringMatching(/^[A-Za-z0-9 _/:,;=@~&%<>!"'#-]{0,8}$/)
  const pattern = fc.tuple(fc.constantFrom('', '.*'), literal, fc.constantFrom('', '.*', '.+')).map((parts) => parts.join(''))
  const text = fc.oneof(fc.string(), literal, fc.constantFrom('a\nb', '\n', ''))
  fc.assert(
    fc.property(pattern, text, literal, (source, around, inside) => {
      const test = compileRegex(source)
      const re2 = RE2JS.compile(source)
      const core = source.replaceAll('.*', '').replaceAll('.+', '')
      for (const given of [around, around + core, core + around, inside + core + around, core])
        expect(test?.(given)).toBe(re2.testExact(given))
    }),
  )
})

test('what is no RE2, or too long, is told', () => {
  expect(compileRegex('(')).toBeUndefined()
  expect(compileRegex('(?=a)')).toBeUndefined()
  expect(compileRegex('a'.repeat(1025))).toBeUndefined()
})

test('a pattern that makes backtracking explode is answered', () => {
  const test = compileRegex('(a+)+b')
  expect(test?.('a'.repeat(10_000))).toBe(false)
  expect(test?.(`${'a'.repeat(100)}b`)).toBe(true)
})
