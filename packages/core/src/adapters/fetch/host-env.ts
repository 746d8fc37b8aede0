import type { Balancer } from '../../balance/balancer.ts'
import type { CallEnv } from '../../call/call.ts'

/** Time and chance of the host. */
export function hostEnv(balancer: Balancer, chance: () => number): CallEnv {
  return {
    now: () => performance.now(),
    wallClock: () => Date.now(),
    chance,
    randomHex: (bytes) => hexOf(crypto.getRandomValues(new Uint8Array(bytes))),
    randomUuid,
    balancer,
  }
}

function hexOf(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** Version 4 (RFC 9562 section 5.4); a page without TLS has no `crypto.randomUUID`. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
