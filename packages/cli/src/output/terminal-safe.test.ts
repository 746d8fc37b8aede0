import { expect, test } from 'vitest'
import { formatTable } from './table.ts'
import { safeLine, safeLines, shownControls } from './terminal-safe.ts'

const FOREIGN = 'a\u001b]0;title\u0007b\u001b[2Jc\u009b31md\ne\rf'

test('foreign text stays in its line, and moves nothing', () => {
  expect(safeLine(FOREIGN)).toBe('abc31md ef')
  expect(safeLines(['one', FOREIGN])).toBe('one\nabc31md ef')
})

test('the colours of a line end with it', () => {
  expect(safeLine('\u001b[31mred')).toBe('\u001b[31mred\u001b[0m')
})

test('what a cell of a table holds cannot leave it', () => {
  expect(formatTable(['A', 'B'], [[FOREIGN, 'x']])).toBe('A              B\nabc31md ef     x')
})

test('controls that JSON and YAML leave as they are can be read, and colours and lines stay', () => {
  const json = JSON.stringify({ a: 'x\u009b31m\u007f' })
  expect(shownControls(json)).toBe('{"a":"x\\u009b31m\\u007f"}')
  expect(JSON.parse(shownControls(json))).toEqual({ a: 'x\u009b31m\u007f' })
  expect(shownControls('\u001b[31mred\u001b[0m\n')).toBe('\u001b[31mred\u001b[0m\n')
})
