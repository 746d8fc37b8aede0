import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { h2ErrorName, h2Fault, MAX_STREAM_ID, type H2ErrorName, type H2Fault } from './protocol.ts'
import type { SessionState } from './session-state.ts'
import type { StreamTable } from './stream-table.ts'
import { writeGoaway, writePing } from './write-frames.ts'

/** How a connection ends: at once, or in order (RFC 9113 section 6.8). */
export class Shutdown<Head extends RequestHead | ReplyHead> {
  readonly #state: SessionState<Head>
  readonly #table: StreamTable<Head>
  #draining = false
  /** Highest id of the peer's that is served, once that is settled. */
  #lastServedId = Infinity

  constructor(state: SessionState<Head>, table: StreamTable<Head>) {
    this.#state = state
    this.#table = table
  }

  /** The peer was told which streams were the last ones. */
  get drained(): boolean {
    return this.#lastServedId !== Infinity
  }

  fail(fault: H2Fault): void {
    if (this.#state.fault !== undefined) return
    this.#state.fault = fault
    writeGoaway(this.#state.output(), Math.min(this.#table.lastPeerId, this.#lastServedId), fault.code)
    this.#end(fault.code)
  }

  lost(): void {
    this.#state.fault ??= h2Fault('INTERNAL_ERROR', 'The connection was lost.')
    this.#end('CANCEL')
  }

  drain(): void {
    if (this.#draining || this.#state.fault !== undefined) return
    this.#draining = true
    this.#state.goaway = true
    writeGoaway(this.#state.output(), MAX_STREAM_ID, 'NO_ERROR')
    writePing(this.#state.output(), DRAIN_PING, 0, false)
  }

  endDrain(): void {
    if (!this.#draining || this.drained || this.#state.fault !== undefined) return
    this.#lastServedId = this.#table.lastPeerId
    writeGoaway(this.#state.output(), this.#lastServedId, 'NO_ERROR')
  }

  onPing(bytes: Uint8Array, start: number, ack: boolean): H2Fault | undefined {
    if (!ack) writePing(this.#state.output(), bytes, start, true)
    else if (bytes[start] === DRAIN_PING[0]) this.endDrain()
    return undefined
  }

  onGoaway(lastStreamId: number, code: number): H2Fault | undefined {
    this.#state.goaway = true
    this.#table.drop('REFUSED_STREAM', ({ id }) => this.#table.isOwn(id) && id > lastStreamId)
    this.#state.events.onGoaway(h2ErrorName(code))
    return undefined
  }

  #end(code: H2ErrorName): void {
    this.#state.goaway = true
    this.#table.drop(code)
  }
}

const DRAIN_PING = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)
