import { expect, test } from 'vitest'
import { BodyKeeper } from './body-keeper.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

test('a kept body is a copy of what was lent', () => {
  const keeper = new BodyKeeper(8)
  const lent = bytes(1, 2, 3)
  expect(keeper.add(lent, true)).toBe(true)
  lent.fill(0)
  expect(keeper.chunks).toEqual([bytes(1, 2, 3)])
})

test('a body that is sent and too long to be kept is forgotten, and cannot be sent again', () => {
  const keeper = new BodyKeeper(4)
  keeper.add(bytes(1, 2, 3), true)
  expect(keeper.add(bytes(4, 5), true)).toBe(false)
  expect(keeper).toMatchObject({ whole: false, bytes: 0, chunks: [] })
  expect(keeper.add(bytes(6), true)).toBe(false)
})

test('nothing is forgotten before it was sent', () => {
  const keeper = new BodyKeeper(4)
  keeper.add(bytes(1, 2, 3), false)
  expect(keeper.add(bytes(4, 5), false)).toBe(true)
  expect(keeper.bytes).toBe(5)
  keeper.sent()
  expect(keeper.whole).toBe(false)
})
