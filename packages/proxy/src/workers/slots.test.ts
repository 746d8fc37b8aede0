import { EMPTY_VIEW, type View } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { cluster } from '../testdata/views.ts'
import { countsAt } from './shared-counts.ts'
import { createSlots } from './slots.ts'

const of = (...names: readonly string[]): View => ({ ...EMPTY_VIEW, clusters: names.map((name) => cluster(name, [])) })

test('a cluster keeps its slot from view to view, and while it is in none', () => {
  const slots = createSlots(2, 4)
  const first = slots.assign(of('a', 'b'))
  expect(slots.assign(of('b', 'c'))).toEqual([first[1], ['c', 2]])
  expect(slots.assign(of('a'))).toEqual([first[0]])
})

test('a slot goes to another cluster once there is no other, its own is in no view, and nothing of it is counted', () => {
  const slots = createSlots(2, 2)
  expect(slots.assign(of('a', 'b'))).toEqual([
    ['a', 0],
    ['b', 1],
  ])
  const bell = { ask: () => undefined, tell: () => undefined }
  const { connections } = countsAt(slots.memory, { slot: 0, worker: 1 }, bell)
  connections.take(9)
  expect(slots.assign(of('c'))).toEqual([['c', 1]])
  expect(() => slots.assign(of('c', 'd'))).toThrow('With several workers a view may have at most 2 clusters.')
  connections.give()
  expect(slots.assign(of('c', 'd'))).toEqual([
    ['c', 1],
    ['d', 0],
  ])
})
