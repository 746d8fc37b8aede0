import { expect, test } from 'vitest'
import type { Rig } from './rig.ts'

/** Timers: never early, in order, cancelled for good, safe against what they call. */
export function timerCompliance(use: () => Rig): void {
  test('a timer calls back once, not before its time, in order', async () => {
    const { timers } = use().io
    const start = timers.now()
    const called: string[] = []
    const fired = (name: string, ms: number): Promise<void> =>
      new Promise((resolve) => {
        timers.arm(ms, () => {
          called.push(name)
          expect(timers.now() - start).toBeGreaterThanOrEqual(ms)
          resolve()
        })
      })
    await Promise.all([fired('late', 60), fired('soon', 10), fired('at once', 0)])
    expect(called).toEqual(['at once', 'soon', 'late'])
    expect(use().faults).toEqual([])
  })

  test('a cancelled timer is silent, and may be cancelled again', async () => {
    const { timers } = use().io
    let called = false
    const timer = timers.arm(5, () => {
      called = true
    })
    timer.cancel()
    await new Promise<void>((resolve) => {
      const later = timers.arm(30, () => {
        later.cancel()
        resolve()
      })
    })
    timer.cancel()
    expect(called).toBe(false)
  })

  test('a callback that throws is told, and the others still run', async () => {
    const rig = use()
    const { timers } = rig.io
    const boom = new Error('boom')
    timers.arm(1, () => {
      throw boom
    })
    await new Promise<void>((resolve) => {
      timers.arm(1, resolve)
    })
    expect(rig.faults).toEqual([boom])
  })

  test('time stands still within one turn, and never runs back', async () => {
    const { timers } = use().io
    const first = timers.now()
    let sum = 0
    for (let at = 0; at < 2_000_000; at++) sum += at
    expect([sum > 0, timers.now()]).toEqual([true, first])
    await new Promise<void>((resolve) => {
      timers.arm(4, resolve)
    })
    expect(timers.now()).toBeGreaterThan(first)
  })

  test('a timer that arms itself again lets others run in between, however long the process stood still', async () => {
    const { timers } = use().io
    let fired = 0
    let turns = 0
    const again = (): void => {
      if (++fired === 50) return
      timers.arm(1, again)
      standStill(12)
    }
    timers.arm(1, again)
    while (fired === 0) await new Promise((resolve) => setImmediate(resolve))
    for (; fired < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
    expect(turns).toBeGreaterThanOrEqual(fired - 1)
  })
}

/** As a debugger, a sleeping laptop or a busy machine does it. */
function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}
