import { expect, test } from 'vitest'
import { countsAt, countsMemory, isUnused, returnShare, type Bell } from './shared-counts.ts'

const SILENT: Bell = { ask: () => undefined, tell: () => undefined }
const memory = countsMemory({ workers: 2, slots: 3 })
const of = (worker: number, slot = 1, bell = SILENT) => countsAt(memory, { slot, worker }, bell)

test('a bound holds over all workers, and only who counted in can count out', () => {
  const [a, b] = [of(0), of(1)]
  expect([a, b, a, b].map(({ requests }) => requests.take(3))).toEqual([true, true, true, false])
  expect([a.requests.value, b.requests.value, a.retries.value, of(0, 2).requests.value]).toEqual([3, 3, 0, 0])
  b.requests.give()
  b.requests.give()
  expect(a.requests.value).toBe(2)
  a.requests.give()
  a.requests.give()
  expect(isUnused(memory, 1)).toBe(true)
})

test('what a worker had is taken out of every sum when it is no more', () => {
  const [a, b] = [of(0), of(1)]
  for (const count of [a.connections, a.pending, of(0, 2).retries, b.connections]) count.take(9)
  returnShare(memory, 0)
  expect([b.connections.value, b.pending.value, of(1, 2).retries.value]).toEqual([1, 0, 0])
  b.connections.give()
  expect(isUnused(memory, 1)).toBe(true)
})

test('of workers that wait, the one with the fewest connections gives way to nobody', () => {
  const [a, b] = [of(0), of(1)]
  const waiting = (): readonly (boolean | undefined)[] => [a.others?.deserve(3), b.others?.deserve(3)]
  for (let count = 0; count < 3; count++) a.connections.take(3)
  expect(waiting()).toEqual([false, false])
  b.pending.take(9)
  expect(waiting()).toEqual([true, false])
  a.pending.take(9)
  expect(waiting()).toEqual([true, false])
  a.connections.give()
  b.connections.take(3)
  expect(waiting()).toEqual([false, false])
  b.pending.give()
  expect(waiting()).toEqual([false, true])
  returnShare(memory, 0)
  returnShare(memory, 1)
})

test('the bell rings only where somebody else waits', () => {
  const rung: string[] = []
  const bell: Bell = { ask: (slot) => rung.push(`ask ${slot}`), tell: (slot) => rung.push(`tell ${slot}`) }
  const [a, b] = [of(0, 1, bell), of(1, 1, bell)]
  a.others?.tell()
  b.pending.take(1)
  b.others?.ask()
  b.others?.tell()
  a.others?.tell()
  expect(rung).toEqual(['ask 1', 'tell 1'])
  b.pending.give()
})
