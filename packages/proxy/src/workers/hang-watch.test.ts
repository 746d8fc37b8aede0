import { expect, test } from 'vitest'
import { HangWatch } from './hang-watch.ts'
import { beat, createVitals } from './vitals.ts'

test('a worker hangs when its loop did not turn between so many looks, and that is told once', () => {
  const vitals = createVitals(2)
  const watch = new HangWatch(vitals, 3)
  const looks = (count: number): readonly boolean[] => Array.from({ length: count }, () => watch.look(1, false))
  expect(looks(3)).toEqual([false, false, false])
  beat(vitals, 1, 0)
  beat(vitals, 0, 0)
  expect(looks(6)).toEqual([false, false, false, true, false, false])
})

test('one that a debugger stops does not, and neither does one that just took the place of another', () => {
  const watch = new HangWatch(createVitals(1), 2)
  expect([false, false, true, false].map((debugged) => watch.look(0, debugged))).toEqual([false, false, false, false])
  watch.forget(0)
  expect([false, false, false].map((debugged) => watch.look(0, debugged))).toEqual([false, false, true])
})
