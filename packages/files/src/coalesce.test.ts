import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { coalesce } from './coalesce.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const options = (run: () => Promise<void>) => ({ quietMs: 20, maxMs: 200, run })

test('a burst runs once, when it is quiet', async () => {
  const run = vi.fn<() => Promise<void>>(async () => {})
  const burst = coalesce(options(run))
  burst.poke()
  await vi.advanceTimersByTimeAsync(15)
  burst.poke()
  await vi.advanceTimersByTimeAsync(15)
  expect(run).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(5)
  expect(run).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(run).toHaveBeenCalledTimes(1)
})

test('a burst that does not end runs all the same', async () => {
  const run = vi.fn<() => Promise<void>>(async () => {})
  const burst = coalesce(options(run))
  for (let at = 0; at <= 200; at += 10) {
    burst.poke()
    await vi.advanceTimersByTimeAsync(10)
  }
  expect(run.mock.calls.length).toBe(1)
})

test('what changes during a run leads to another, never to two at once', async () => {
  let running = 0
  let most = 0
  let release = (): void => {}
  const run = vi.fn<() => Promise<void>>(async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => (release = resolve))
    running--
  })
  const burst = coalesce(options(run))
  burst.poke()
  await vi.advanceTimersByTimeAsync(20)
  burst.poke()
  await vi.advanceTimersByTimeAsync(500)
  expect(run).toHaveBeenCalledTimes(1)
  release()
  await vi.advanceTimersByTimeAsync(20)
  expect(run).toHaveBeenCalledTimes(2)
  release()
  expect(most).toBe(1)
})

test('after closing nothing runs', async () => {
  const run = vi.fn<() => Promise<void>>(async () => {})
  const burst = coalesce(options(run))
  burst.poke()
  await burst.close()
  burst.poke()
  await vi.advanceTimersByTimeAsync(1000)
  expect(run).not.toHaveBeenCalled()
})
