import { expect, test } from 'vitest'
import { TakenBack } from './taken-back.ts'

/** Which of so many calls is the last one, when one of `every` is taken back. */
function lastOf(calls: number, every: number): number | undefined {
  const takenBack = new TakenBack(500)
  for (let call = 1; call <= calls; call++) {
    takenBack.began()
    if (call % every === 0 && takenBack.add()) return call
  }
  return undefined
}

test('a quarter of a sample may be taken back at once, and no more', () => {
  expect(lastOf(1000, 1)).toBe(126)
  expect(lastOf(1000, 2)).toBe(252)
})

test('fewer than that never add up', () => {
  expect(lastOf(100_000, 5)).toBeUndefined()
})
