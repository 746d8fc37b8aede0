import { expect, test } from 'vitest'
import { createLineBudget } from './line-budget.ts'

test('a flood of one event is cut, counted for the next line, and hides no other event', () => {
  let nowMs = 0
  const budget = createLineBudget(2, () => nowMs)
  expect(['refused', 'refused', 'refused', 'refused', 'connected'].map(budget)).toEqual([0, 0, undefined, undefined, 0])
  nowMs = 1000
  expect(['refused', 'refused', 'refused'].map(budget)).toEqual([2, 0, undefined])
  nowMs = 5000
  expect(['refused', 'connected'].map(budget)).toEqual([1, 0])
})
