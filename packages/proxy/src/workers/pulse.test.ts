import type { Timers } from '@mesh/io'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { SharedLevel } from '../overload/level.ts'
import { startPulse } from './pulse.ts'
import { createVitals, forgetVitals, fullestHeap, giveUp } from './vitals.ts'

/** A worker's pulse under a clock that the test turns. */
function pulsing() {
  const vitals = createVitals(2)
  const overload = new SharedLevel(vitals.level)
  const seen = { collections: 0, ends: 0, heap: 0.25 }
  let nowMs = 0
  let next: (() => void) | undefined
  const timers: Timers = {
    now: () => nowMs,
    wallClock: () => nowMs,
    arm(afterMs, callback) {
      next = () => ((nowMs += afterMs), callback())
      return { cancel: () => undefined }
    },
  }
  const meter = { residentBytes: () => 0, heapShare: () => seen.heap, collect: () => void seen.collections++ }
  startPulse({ timers, vitals, worker: 1, overload, onGivenUp: () => void seen.ends++, meter })
  const turn = (times = 1): void => {
    for (let left = times; left > 0; left--) {
      const run = next
      next = undefined
      run?.()
    }
  }
  return { vitals, overload, seen, turn }
}

test('each turn of a loop is a beat, and tells how full its heap is', () => {
  const { vitals, seen, turn } = pulsing()
  turn(3)
  expect([...vitals.beats]).toEqual([0, 4])
  expect(fullestHeap(vitals)).toBe(0.25)
  seen.heap = 0.5
  turn()
  expect(fullestHeap(vitals)).toBe(0.5)
  forgetVitals(vitals, 1)
  expect(fullestHeap(vitals)).toBe(0)
})

test('while requests are refused a worker collects its garbage, now and then', () => {
  const { overload, seen, turn } = pulsing()
  overload.level = 'stop-requests'
  turn(2)
  expect(seen.collections).toBe(1)
  turn(LIMITS.memoryCollectMs / LIMITS.memoryLookMs)
  expect(seen.collections).toBe(2)
})

test('one that was given up ends once its loop turns, and has no pulse any more', () => {
  const { vitals, seen, turn } = pulsing()
  giveUp(vitals, 1)
  turn(3)
  expect(seen.ends).toBe(1)
  expect(vitals.beats[1]).toBe(1)
})
