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
  /** A UUID of version 4, lower-case. */
  randomUuid(): string
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
    randomUuid: () => random.randomUuid(),
    balancer,
    retrySlots,
  }
}

/** A source with blocks of its own: bytes for chances, and texts out of which ids are cut. */
export function createRandomSource(): RandomSource {
  const pool = Buffer.alloc(POOL_BYTES)
  const view = new DataView(pool.buffer, pool.byteOffset, POOL_BYTES)
  const idPool = Buffer.alloc(POOL_BYTES)
  let at = POOL_BYTES
  let hex = ''
  let hexAt = 0
  let uuids = ''
  let uuidsAt = 0
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
        hex = randomFillSync(idPool).toString('hex')
        hexAt = 0
      }
      hexAt += 2 * bytes
      return hex.slice(hexAt - 2 * bytes, hexAt)
    },
    randomUuid() {
      if (uuidsAt === uuids.length) {
        uuids = uuidsOf(randomFillSync(idPool))
        uuidsAt = 0
      }
      uuidsAt += UUID_LENGTH
      return uuids.slice(uuidsAt - UUID_LENGTH, uuidsAt)
    },
  }
}

const UUID_LENGTH = 36

/** One UUID of version 4 for each sixteen bytes, one behind the other (RFC 9562 section 5.4). */
function uuidsOf(random: Buffer): string {
  for (let at = 0; at < random.length; at += 16) {
    random[at + 6] = ((random[at + 6] ?? 0) & 0x0f) | 0x40
    random[at + 8] = ((random[at + 8] ?? 0) & 0x3f) | 0x80
  }
  return random.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/g, '$1-$2-$3-$4-$5')
}
