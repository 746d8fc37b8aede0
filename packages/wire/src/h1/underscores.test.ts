import { expect, test } from 'vitest'
import { RequestParser } from './message-parser.ts'
import { underscored } from './underscores.ts'

test('only names are looked at, and only those that no edit took out', () => {
  const parser = new RequestParser()
  const bytes = Uint8Array.from('GET /a_b HTTP/1.1\r\nhost: a_b\r\nx-a: _\r\nX_B: 1\r\n_: 2\r\nc_: 3\r\n\r\n', (char) => char.charCodeAt(0))
  expect(parser.step(bytes, 0)).toBe('head')
  const { head } = parser
  expect(underscored(head, false)).toBe(3)
  head.remove('c_')
  expect(underscored(head, true)).toBe(2)
  expect(underscored(head, false)).toBe(0)
  expect(head.headers()).toEqual([
    ['host', 'a_b'],
    ['x-a', '_'],
  ])
})
