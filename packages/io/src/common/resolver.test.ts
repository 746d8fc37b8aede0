import { expect, test } from 'vitest'
import type { Timer, Timers } from '../port/timers.ts'
import { SystemResolver, type Answer } from './resolver.ts'
import { TimerWheel } from './timer-wheel.ts'

/** A clock that moves when it is told to. */
class HandClock implements Timers {
  #nowMs = 0
  #armed: { atMs: number; callback: () => void }[] = []

  now(): number {
    return this.#nowMs
  }

  wallClock(): number {
    return this.#nowMs
  }

  arm(delayMs: number, callback: () => void): Timer {
    const one = { atMs: this.#nowMs + delayMs, callback }
    this.#armed.push(one)
    return { cancel: () => (this.#armed = this.#armed.filter((other) => other !== one)) }
  }

  get nextMs(): number | undefined {
    return this.#armed.toSorted((a, b) => a.atMs - b.atMs)[0]?.atMs
  }

  /** Moves to the next timer and fires it. */
  step(): void {
    const next = this.#armed.toSorted((a, b) => a.atMs - b.atMs)[0]
    if (next === undefined) throw new Error('nothing is armed')
    this.#armed = this.#armed.filter((other) => other !== next)
    this.#nowMs = next.atMs
    next.callback()
  }
}

/** A name server whose answers a test gives, and what a watch told of them. */
function rig(minRefreshMs: number): {
  clock: HandClock
  told: string[]
  faults: unknown[]
  reply: (answer: Answer | Error) => Promise<void>
  watch: () => { addresses: readonly string[] | undefined; stop(): void }
} {
  const clock = new HandClock()
  const told: string[] = []
  const faults: unknown[] = []
  const asked: ((answer: Answer | Error) => void)[] = []
  const ask = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      asked.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  const resolver = new SystemResolver(clock, (error) => faults.push(error), ask)
  return {
    clock,
    told,
    faults,
    async reply(answer) {
      const next = asked.shift()
      if (next === undefined) throw new Error('nobody asked')
      next(answer)
      await new Promise(setImmediate)
    },
    watch: () =>
      resolver.watch('db.example', {
        minRefreshMs,
        onChange: (addresses) => told.push(addresses.join()),
        onError: (message) => told.push(message),
      }),
  }
}

test('addresses are told when they change, and asked for again after their TTL', async () => {
  const { clock, told, reply, watch } = rig(1000)
  const name = watch()
  expect(name.addresses).toBeUndefined()
  await reply({ addresses: ['10.0.0.2', '10.0.0.1', '10.0.0.2'], ttlMs: 30_000 })
  expect(clock.nextMs).toBe(30_000)
  clock.step()
  await reply({ addresses: ['10.0.0.1', '10.0.0.2'], ttlMs: 5 })
  expect(clock.nextMs).toBe(31_000)
  clock.step()
  await reply({ addresses: ['10.0.0.3'], ttlMs: 5 })
  expect([told, name.addresses]).toEqual([['10.0.0.1,10.0.0.2', '10.0.0.3'], ['10.0.0.3']])
})

test('a lookup that fails keeps the last good answer, says so, and is tried again', async () => {
  const { clock, told, reply, watch } = rig(10)
  const name = watch()
  await reply({ addresses: ['10.0.0.1'], ttlMs: 0 })
  clock.step()
  await reply(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
  expect([name.addresses, told]).toEqual([['10.0.0.1'], ['10.0.0.1', 'db.example cannot be resolved: ENOTFOUND.']])
  clock.step()
  await reply({ addresses: ['10.0.0.9'], ttlMs: 0 })
  expect(name.addresses).toEqual(['10.0.0.9'])
})

test('after stop nothing is asked or told', async () => {
  const { clock, told, reply, watch } = rig(10)
  const name = watch()
  name.stop()
  await reply({ addresses: ['10.0.0.1'], ttlMs: 0 })
  expect([told, clock.nextMs]).toEqual([[], undefined])
})

test('what a callback throws is reported, and the watch goes on', async () => {
  const { clock, faults, reply, told } = rig(10)
  const boom = new Error('boom')
  const answers: Answer[] = [
    { addresses: ['10.0.0.1'], ttlMs: 0 },
    { addresses: ['10.0.0.2'], ttlMs: 0 },
  ]
  const resolver = new SystemResolver(
    clock,
    (error) => faults.push(error),
    () => Promise.resolve(answers.shift() ?? { addresses: [], ttlMs: 0 }),
  )
  const name = resolver.watch('db.example', {
    minRefreshMs: 10,
    onChange: () => {
      throw boom
    },
  })
  await new Promise(setImmediate)
  clock.step()
  await new Promise(setImmediate)
  expect([faults, name.addresses, told]).toEqual([[boom, boom], ['10.0.0.2'], []])
  await expect(reply({ addresses: [], ttlMs: 0 })).rejects.toThrow('nobody asked')
})

test('the machine knows literals and its own name', async () => {
  const faults: unknown[] = []
  const resolver = new SystemResolver(new TimerWheel((error) => faults.push(error)), (error) => faults.push(error))
  const literal = await new Promise((resolve) => resolver.watch('::1', { minRefreshMs: 1000, onChange: resolve }))
  const local = await new Promise<readonly string[]>((resolve, reject) => {
    resolver.watch('localhost', { minRefreshMs: 1000, onChange: resolve, onError: (message) => reject(new Error(message)) })
  })
  expect(literal).toEqual(['::1'])
  expect(local.every((address) => address === '127.0.0.1' || address === '::1')).toBe(true)
  expect(faults).toEqual([])
})
