import type { Output } from '../h1/output.ts'
import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { H2_LIMITS, type H2Limits } from '../limits.ts'
import { FloodGuard } from './flood-guard.ts'
import type { H2Fault } from './protocol.ts'
import type { H2Events, H2SessionOptions } from './session-events.ts'
import { defaultSettings } from './settings.ts'

/** What the parts of a session share. */
export class SessionState<Head extends RequestHead | ReplyHead> {
  readonly isClient: boolean
  readonly events: H2Events<Head>
  readonly limits: H2Limits
  readonly output: () => Output
  readonly departures: (() => number) | undefined
  readonly guard: FloodGuard
  readonly peer = defaultSettings()
  /** Why the connection is at its end. */
  fault: H2Fault | undefined
  /** No streams are begun any more. */
  goaway = false
  /** When what is being read came. */
  nowMs: number

  constructor({ events, output, departures, limits = H2_LIMITS, nowMs }: H2SessionOptions<Head>, isClient: boolean) {
    this.isClient = isClient
    this.events = events
    this.limits = limits
    this.output = output
    this.departures = departures
    this.guard = new FloodGuard(limits, nowMs)
    this.nowMs = nowMs
  }
}
