import { randomFillSync } from 'node:crypto'
import type { CallEnv, RetrySlots } from '@mesh/core/call'
import type { Balancer } from '@mesh/core/balance'
import type { Timers } from '@mesh/io'

const POOL_BYTES = 8192
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Chance and ids from the kernel's random bytes, fetched in blocks. */
export interface RandomSource {
  /** Uniform in [0, 1). */
  chance(): number
  /** Lower-case hex of `bytes` random bytes. */
  randomHex(bytes: number): string
}

/** What the stages of a call are given of time, chance and the state that calls share. */
export function createCallEnv(shared: {
  readonly timers: Timers
  readonly random: RandomSource
  readonly balancer: Balancer
  readonly retrySlots: RetrySlots
}): CallEnv {
  const { timers, random, balancer, retrySlots } = shared
  return {
    now: () => timers.now(),
    wallClock: () => timers.wallClock(),
    chance: () => random.chance(),
    randomHex: (bytes) => random.randomHex(bytes),
    balancer,
    retrySlots,
  }
}

/** A source with a pool of its own. */
export function createRandomSource(): RandomSource {
  const pool = new Uint8Array(POOL_BYTES)
  let at = POOL_BYTES
  const take = (bytes: number): number => {
    if (at + bytes > POOL_BYTES) {
      randomFillSync(pool)
      at = 0
    }
    const from = at
    at += bytes
    return from
  }
  const byte = (index: number): number => pool[index] ?? 0
  return {
    chance() {
      const from = take(4)
      return (byte(from) * 0x1000000 + byte(from + 1) * 0x10000 + byte(from + 2) * 0x100 + byte(from + 3)) / 0x100000000
    },
    randomHex(bytes) {
      const from = take(bytes)
      let text = ''
      for (let index = from; index < from + bytes; index++) text += HEX[byte(index)]
      return text
    },
  }
}
