import { expect, test } from 'vitest'
import { SharedLevel, type Level } from './level.ts'
import { MemoryWatch, type MemoryChange } from './memory-watch.ts'

/** A watch over a process whose memory the test says. */
function watched(limitBytes = 1000) {
  const memory = { bytes: 0, heap: 0, garbage: 0, otherHeaps: 0, collections: 0 }
  const changes: MemoryChange[] = []
  const level = new SharedLevel()
  const watch = new MemoryWatch({
    limitBytes,
    level,
    onChange: (change) => changes.push(change),
    otherHeaps: () => memory.otherHeaps,
    meter: {
      residentBytes: () => memory.bytes + memory.garbage,
      heapShare: () => memory.heap,
      collect() {
        memory.collections++
        memory.garbage = 0
      },
    },
  })
  let nowMs = 0
  /** Looks again a moment, or so many milliseconds, behind the last look. */
  const look = (afterMs = 250): Level => {
    watch.look((nowMs += afterMs))
    return level.level
  }
  return { memory, changes, watch, look }
}

test('resident memory near its limit stops requests, then connections; each change is told once', () => {
  const { memory, changes, watch, look } = watched()
  const levels = [100, 960, 985, 985, 100].map((bytes) => {
    memory.bytes = bytes
    return look()
  })
  expect(levels).toEqual(['none', 'stop-requests', 'stop-connections', 'stop-connections', 'none'])
  expect(changes.map(({ before, level, residentBytes }) => [before, level, residentBytes])).toEqual([
    ['none', 'stop-requests', 960],
    ['stop-requests', 'stop-connections', 985],
    ['stop-connections', 'none', 100],
  ])
  expect(watch.numbers).toEqual({
    memoryBytes: 100,
    memoryLimitBytes: 1000,
    memoryPressure: 10,
    overloadClosesIdle: 0,
    overloadStopsRequests: 0,
    overloadStopsConnections: 0,
  })
})

test('what is only garbage turns nobody away: it is collected first, and not again and again', () => {
  const { memory, changes, look } = watched()
  memory.bytes = 500
  memory.garbage = 490
  expect(look()).toBe('none')
  expect(memory.collections).toBe(1)
  memory.bytes = 990
  expect([look(), look(), look()]).toEqual(['stop-connections', 'stop-connections', 'stop-connections'])
  expect(memory.collections).toBe(1)
  memory.bytes = 100
  memory.garbage = 890
  expect(look(10_000)).toBe('none')
  expect(memory.collections).toBe(2)
  expect(changes).toHaveLength(2)
})

test('a heap that is nearly full counts like memory that is, of this thread or of another', () => {
  const { memory, look, watch } = watched()
  memory.heap = 0.96
  expect(look()).toBe('stop-requests')
  memory.heap = 0
  expect(look()).toBe('none')
  memory.otherHeaps = 0.99
  expect(look()).toBe('stop-connections')
  expect(watch.numbers).toMatchObject({ memoryPressure: 99, overloadStopsConnections: 1 })
})

test('without a limit nothing comes of what is seen', () => {
  const { memory, look, watch } = watched(Infinity)
  memory.bytes = 10 ** 12
  memory.heap = 1
  expect(look()).toBe('none')
  expect(watch.numbers).toMatchObject({ memoryBytes: 10 ** 12, memoryLimitBytes: 0, memoryPressure: 0 })
})
