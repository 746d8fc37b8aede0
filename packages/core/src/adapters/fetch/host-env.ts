import type { Balancer } from '../../balance/balancer.ts'
import type { CallEnv } from '../../call/call.ts'

/** Time and chance of the host. */
export function hostEnv(balancer: Balancer, chance: () => number): CallEnv {
  return {
    now: () => performance.now(),
    wallClock: () => Date.now(),
    chance,
    randomHex(bytes) {
      let hex = ''
      for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) hex += byte.toString(16).padStart(2, '0')
      return hex
    },
    balancer,
  }
}
