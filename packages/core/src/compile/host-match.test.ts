import { expect, test } from 'vitest'
import { compareSpecificity, hostWithin, narrowerHost } from './host-match.ts'

test.each([
  ['a.example.com', 'a.example.com', true],
  ['a.example.com', '*.example.com', true],
  ['a.b.example.com', '*.example.com', true],
  ['example.com', '*.example.com', false],
  ['badexample.com', '*.example.com', false],
  ['*.b.example.com', '*.example.com', true],
  ['*.example.com', '*.example.com', true],
  ['*.example.com', 'a.example.com', false],
  ['anything', '*', true],
  ['*', '*', true],
  ['*', '*.com', false],
])('%s within %s: %s', (host, pattern, within) => {
  expect(hostWithin(host, pattern)).toBe(within)
})

test('what two patterns share is the narrower one', () => {
  expect(narrowerHost('*.example.com', 'a.example.com')).toBe('a.example.com')
  expect(narrowerHost('a.example.com', '*')).toBe('a.example.com')
  expect(narrowerHost('*.a.com', '*.b.com')).toBeUndefined()
})

test('exact names come before wildcards, and longer wildcards before shorter ones', () => {
  expect(['*', '*.example.com', 'a.example.com', '*.com'].sort(compareSpecificity)).toEqual([
    'a.example.com',
    '*.example.com',
    '*.com',
    '*',
  ])
})
