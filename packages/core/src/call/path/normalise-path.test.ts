import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalisePath } from './normalise-path.ts'

test.each([
  ['/', '/'],
  ['/a/b?c=/../d', '/a/b?c=/../d'],
  ['/a/./b/../c', '/a/c'],
  ['/a/b/..', '/a/'],
  ['/../../admin', '/admin'],
  ['/a/%2e%2e/admin', '/admin'],
  ['/%61dmin', '/admin'],
  ['/a\\b', '/a/b'],
  ['/a%2fb', '/a%2Fb'],
  ['/a%5cb', '/a%5Cb'],
  ['//a//b', '//a//b'],
  ['/a/...', '/a/...'],
  ['/.hidden', '/.hidden'],
  ['*', '*'],
])('%s becomes %s', (target, normal) => {
  expect(normalisePath(target)).toBe(normal)
})

test.each(['/a%00', '/a%', '/a%2', '/a%zz', '/a#b', '/a?b#c', '/a b', '/a\u0001', 'a', ''])('%j is refused', (target) => {
  expect(normalisePath(target)).toBeUndefined()
})

test.each([
  ['//admin', '/admin'],
  ['/a///b//', '/a/b/'],
  ['/./admin', '/admin'],
  ['/admin/../admin', '/admin'],
  ['/%61dmin', '/admin'],
  ['/\\\\admin', '/admin'],
  ['/a//../admin', '/a/admin'],
  ['/a%2F%2Fb', '/a%2F%2Fb'],
  ['/admin;x', '/admin;x'],
  ['/a?b=//c', '/a?b=//c'],
])('with slashes merged %s becomes %s', (target, normal) => {
  expect(normalisePath(target, 'merge-slashes')).toBe(normal)
})

test.each([
  ['/a%2fadmin', '/a/admin'],
  ['/%2F%5cadmin', '/admin'],
  ['/a%2F..%2fadmin', '/admin'],
  ['/a%252Fb', '/a%252Fb'],
])('with escaped slashes decoded %s becomes %s', (target, normal) => {
  expect(normalisePath(target, 'decode-and-merge-slashes')).toBe(normal)
})

test.each(['/a/../b', '//a', '/%61', '/a\\b', '/a%', '/a%00', '*', '/a?b'])('without normalisation %s stays', (target) => {
  expect(normalisePath(target, 'none')).toBe(target)
})

test.each(['/a b', '/a#b', '/a?b#c', '/a\u0001', '/a\r\nx: y', 'a', ''])('without normalisation %j is refused all the same', (target) => {
  expect(normalisePath(target, 'none')).toBeUndefined()
})

test('what was normalised is normal', () => {
  const written = fc.string({ unit: fc.constantFrom('/', '.', '..', '\\', '%2f', '%5C', '%2e', '%25', 'a', '?', ';'), maxLength: 12 })
  const how = fc.constantFrom(undefined, 'none', 'merge-slashes', 'decode-and-merge-slashes' as const)
  fc.assert(
    fc.property(written, how, (path, how) => {
      const once = normalisePath(`/${path}`, how)
      expect(once === undefined ? undefined : normalisePath(once, how)).toBe(once)
    }),
  )
})

test('a normal path stays as it is', () => {
  for (const [target] of [['/a/../b/%7e?x=%00'], ['/%2E/%41']] as const) {
    const once = normalisePath(target)
    expect(once).toBeDefined()
    expect(normalisePath(once ?? '')).toBe(once)
  }
})
