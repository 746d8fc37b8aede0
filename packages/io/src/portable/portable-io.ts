import { IO_LIMITS } from '../limits.ts'
import type { Io } from '../port/io.ts'
import { connect } from './connect.ts'
import type { OnFault } from '../common/faults.ts'
import { listen } from './listen.ts'
import { SystemResolver } from '../common/resolver.ts'
import type { Shared } from '../common/shared.ts'
import { TimerWheel } from '../common/timer-wheel.ts'
import { PortableTlsContext } from './tls-context.ts'

export interface PortableOptions {
  /** Told of every exception that a handler or callback let escape; its connection was reset. */
  readonly onFault: OnFault
  /** Until a `close` is given up whose peer takes nothing. */
  readonly closeMs?: number
  /** Unsent bytes at which a connection is given up. */
  readonly maxUnsentBytes?: number
}

/** The io port over node:net, node:tls and node:dns: runs wherever Node runs. */
export function portableIo({ onFault, closeMs = IO_LIMITS.closeMs, maxUnsentBytes = IO_LIMITS.maxUnsentBytes }: PortableOptions): Io {
  const timers = new TimerWheel(onFault)
  const shared: Shared = { timers, onFault, closeMs, maxUnsentBytes }
  return {
    plug: 'portable',
    handover: undefined,
    timers,
    resolver: new SystemResolver(timers, onFault),
    listen: (options) => listen(shared, options),
    connect: (options) => connect(shared, options),
    tlsContext: (material) => new PortableTlsContext(material),
  }
}
