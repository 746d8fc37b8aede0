import type { Svid } from '@mesh/core/identity'
import { beforeEach, expect, test } from 'vitest'
import { RETRY_BASE_MS, RETRY_MAX_MS } from './limits.ts'
import { keepSvid } from './svid-source.ts'

interface Attempt {
  readonly signal: AbortSignal
  readonly atMs: number
  readonly succeed: (svid: Svid) => Promise<void>
  readonly fail: (reason: string) => Promise<void>
}

/** A clock that stands still between steps, with the one timer that a source has. */
class Clock {
  nowMs = 1_000_000
  #timer: { readonly dueMs: number; readonly callback: () => void } | undefined

  arm(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, callback }
    this.#timer = timer
    return () => {
      if (this.#timer === timer) this.#timer = undefined
    }
  }

  get waitMs(): number | undefined {
    return this.#timer === undefined ? undefined : this.#timer.dueMs - this.nowMs
  }

  fire(): void {
    const timer = this.#timer
    if (timer === undefined) throw new Error('nothing waits')
    this.#timer = undefined
    this.nowMs = timer.dueMs
    timer.callback()
  }
}

let clock: Clock
let attempts: Attempt[]
let problems: unknown[]

beforeEach(() => {
  clock = new Clock()
  attempts = []
  problems = []
})

function start(chance = 0.5) {
  return keepSvid({
    obtain: (signal) =>
      new Promise((resolve, reject) => {
        const settled = (): Promise<void> => new Promise((done) => setImmediate(done))
        attempts.push({
          signal,
          atMs: clock.nowMs,
          succeed: (svid) => (resolve(svid), settled()),
          fail: (reason) => (reject(new Error(reason)), settled()),
        })
      }),
    onProblem: (error) => problems.push(error),
    now: () => clock.nowMs,
    chance: () => chance,
    arm: (delayMs, callback) => clock.arm(delayMs, callback),
  })
}

const svid = (spiffeId: string): Svid => ({
  spiffeId,
  certChainPem: '',
  privateKeyPem: '',
  rootsPem: '',
  notBeforeMs: clock.nowMs,
  notAfterMs: clock.nowMs + 3_600_000,
  renewAtMs: clock.nowMs + 1_800_000,
})

test('it obtains one at once, tells it, and renews it when its time has come', async () => {
  const source = start()
  const seen: string[] = []
  source.watch((one) => seen.push(one.spiffeId))
  expect(source.current).toBeUndefined()
  await attempts[0]?.succeed(svid('first'))
  expect([source.current?.spiffeId, clock.waitMs]).toEqual(['first', 1_800_000])
  clock.fire()
  expect(source.current?.spiffeId).toBe('first')
  await attempts[1]?.succeed(svid('second'))
  expect(seen).toEqual(['first', 'second'])
  source.close()
})

test('a late watcher is told the current one, and none after it stopped', async () => {
  const source = start()
  await attempts[0]?.succeed(svid('first'))
  const seen: string[] = []
  const stop = source.watch((one) => seen.push(one.spiffeId))
  stop()
  clock.fire()
  await attempts[1]?.succeed(svid('second'))
  expect(seen).toEqual(['first'])
  source.close()
})

test('a failure keeps the old one and is tried again after growing pauses, up to a limit', async () => {
  const source = start(1)
  await attempts[0]?.succeed(svid('first'))
  clock.fire()
  const pauses: (number | undefined)[] = []
  for (let count = 1; count <= 10; count++) {
    await attempts[count]?.fail('the authority is away')
    pauses.push(clock.waitMs)
    clock.fire()
  }
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  expect([RETRY_BASE_MS, RETRY_MAX_MS]).toEqual([250, 30_000])
  expect([source.current?.spiffeId, problems.length]).toEqual(['first', 10])
  await attempts[11]?.succeed(svid('second'))
  expect([source.current?.spiffeId, clock.waitMs]).toEqual(['second', 1_800_000])
  source.close()
})

test('pauses differ between processes by chance, by no more than half', async () => {
  const source = start(0)
  await attempts[0]?.fail('no')
  expect(clock.waitMs).toBe(RETRY_BASE_MS / 2)
  source.close()
})

test('a watcher that throws is reported and keeps nobody else from hearing', async () => {
  const source = start()
  const seen: string[] = []
  source.watch(() => {
    throw new Error('a watcher failed')
  })
  source.watch((one) => seen.push(one.spiffeId))
  await attempts[0]?.succeed(svid('first'))
  expect([seen, problems.length]).toEqual([['first'], 1])
  source.close()
})

test('closing stops the try under way, the timer and all news', async () => {
  const source = start()
  const seen: string[] = []
  source.watch((one) => seen.push(one.spiffeId))
  source.close()
  expect(attempts[0]?.signal.aborted).toBe(true)
  await attempts[0]?.succeed(svid('late'))
  expect([source.current, seen, clock.waitMs]).toEqual([undefined, [], undefined])
  const other = start()
  await attempts[1]?.succeed(svid('first'))
  other.close()
  expect(clock.waitMs).toBeUndefined()
})
