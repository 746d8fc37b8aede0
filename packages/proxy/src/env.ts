import { randomFillSync } from 'node:crypto'
import type { CallEnv, RetrySlots } from '@mesh/core/call'
import type { Balancer } from '@mesh/core/balance'
import type { Timers } from '@mesh/io'

const POOL_BYTES = 4096

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

/** A source with a pool of its own: bytes for chances, the same number of them as hex for ids, which are cut out of one text. */
export function createRandomSource(): RandomSource {
  const pool = Buffer.alloc(POOL_BYTES)
  const view = new DataView(pool.buffer, pool.byteOffset, POOL_BYTES)
  const hexPool = Buffer.alloc(POOL_BYTES)
  let at = POOL_BYTES
  let hex = ''
  let hexAt = 0
  return {
    chance() {
      if (at + 4 > POOL_BYTES) {
        randomFillSync(pool)
        at = 0
      }
      at += 4
      return view.getUint32(at - 4) / 0x100000000
    },
    randomHex(bytes) {
      if (hexAt + 2 * bytes > hex.length) {
        hex = randomFillSync(hexPool).toString('hex')
        hexAt = 0
      }
      hexAt += 2 * bytes
      return hex.slice(hexAt - 2 * bytes, hexAt)
    },
  }
}
