import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { partExpression, quote, valuePattern } from './values.ts'

test('a star stands for anything only at an end', () => {
  expect(valuePattern('*')).toEqual({ kind: 'present' })
  expect(valuePattern('a*')).toEqual({ kind: 'prefix', value: 'a' })
  expect(valuePattern('*a')).toEqual({ kind: 'suffix', value: 'a' })
  expect(valuePattern('a*b')).toEqual({ kind: 'exact', value: 'a*b' })
})

test('whatever a user writes is taken literally in an expression', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const matcher = RE2JS.compile(quote(text))
      expect(matcher.matches(text)).toBe(true)
      expect(matcher.matches(other)).toBe(other === text)
    }),
  )
})

test('a pattern over a part of a name does not leave that part', () => {
  const matches = (pattern: string, name: string): boolean => RE2JS.compile(`ns/${partExpression(pattern, '[^/]')}/sa`).matches(name)
  expect(matches('team-*', 'ns/team-a/sa')).toBe(true)
  expect(matches('team-*', 'ns/team-a/x/sa')).toBe(false)
  expect(matches('*', 'ns//sa')).toBe(false)
  expect(matches('a.b', 'ns/axb/sa')).toBe(false)
  expect(matches('*.b', 'ns/a.b/sa')).toBe(true)
})
