import { expect, test } from 'vitest'
import { guardReport, ratioOf } from './verdict.ts'

test('the fastest run of either side counts', () => {
  expect(ratioOf({ name: 'a', before: [12, 10, 30], now: [20, 9, 11] })).toBe(0.9)
})

test('what grew, shrank or stayed is said in a word', () => {
  const report = guardReport([
    { name: 'simulator get', before: [10], now: [12] },
    { name: 'simulator post', before: [10], now: [10.5] },
    { name: 'loopback get', before: [40], now: [30] },
  ])
  expect(report.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'simulator get 10.00 µs → 12.00 µs × 1.20 grew',
    'simulator post 10.00 µs → 10.50 µs × 1.05 same',
    'loopback get 40.00 µs → 30.00 µs × 0.75 shrank',
  ])
})
