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

test('a normal path stays as it is', () => {
  for (const [target] of [['/a/../b/%7e?x=%00'], ['/%2E/%41']] as const) {
    const once = normalisePath(target)
    expect(once).toBeDefined()
    expect(normalisePath(once ?? '')).toBe(once)
  }
})
