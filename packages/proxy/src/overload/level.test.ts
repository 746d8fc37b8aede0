import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { nextLevel, SharedLevel, type Level } from './level.ts'

const walk = (shares: readonly number[]): readonly Level[] => {
  let level: Level = 'none'
  return shares.map((share) => (level = nextLevel(level, share, LIMITS)))
}

test('the level rises at each threshold, over several at once, too', () => {
  expect(walk([0.5, 0.9, 0.95, 0.98])).toEqual(['none', 'close-idle', 'stop-requests', 'stop-connections'])
  expect(walk([2])).toEqual(['stop-connections'])
})

test('what was stopped begins again only some way below its threshold', () => {
  expect(walk([0.98, 0.94, 0.92, 0.91, 0.89, 0.86, 0.84])).toEqual([
    'stop-connections',
    'stop-connections',
    'stop-requests',
    'stop-requests',
    'close-idle',
    'close-idle',
    'none',
  ])
})

test('each level does what those below it do, for all who share its cell', () => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const writer = new SharedLevel(cell)
  const reader = new SharedLevel(cell)
  const told = (['none', 'close-idle', 'stop-requests', 'stop-connections'] as const).map((level) => {
    writer.level = level
    return [reader.closesIdle, reader.stopsRequests, reader.stopsConnections]
  })
  expect(told).toEqual([
    [false, false, false],
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ])
})
