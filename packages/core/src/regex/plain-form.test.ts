import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { literalPrefix } from './plain-form.ts'
import { compileRegex } from './regexes.ts'

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

test.each([
  ['/api/v[0-9]+', '/api/v'],
  ['^/a(b|c)', '/a'],
  ['ab+', 'a'],
  ['ab{0}', 'a'],
  ['ab(?i)*', 'a'],
  ['ab|cd', ''],
  ['a(b)|c', ''],
  ['a[|]b', 'a'],
  ['a\\|b', 'a'],
  ['(?i)abc', ''],
  ['.*a', ''],
])('what %s begins with is %j', (pattern, prefix) => {
  expect(literalPrefix(pattern)).toBe(prefix)
})
