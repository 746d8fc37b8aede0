import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { FlowWindow } from './flow-window.ts'
import { DEFAULT_WINDOW, h2Fault, type H2Fault } from './protocol.ts'
import type { SessionState } from './session-state.ts'
import type { H2Stream } from './stream.ts'
import type { StreamTable } from './stream-table.ts'
import { writeWindowUpdate } from './write-frames.ts'

/** The payload that the peer sends, and the windows that hold it back. */
export class ReceiveSide<Head extends RequestHead | ReplyHead> {
  readonly #state: SessionState<Head>
  readonly #table: StreamTable<Head>
  readonly #window: FlowWindow

  constructor(state: SessionState<Head>, table: StreamTable<Head>) {
    this.#state = state
    this.#table = table
    this.#window = new FlowWindow(state.limits.connectionWindow)
  }

  /** Opens the connection's window as wide as our limits say; the standard begins with less. */
  open(): void {
    const more = this.#state.limits.connectionWindow - DEFAULT_WINDOW
    if (more > 0) writeWindowUpdate(this.#state.output(), 0, more)
  }

  consumed(stream: H2Stream<Head>, bytes: number): void {
    const due = Math.min(bytes, stream.unconsumed)
    stream.unconsumed -= due
    this.#credit(due)
    stream.consumed += due
    if (!stream.remoteOpen || stream.consumed * 2 < this.#state.limits.streamWindow) return
    writeWindowUpdate(this.#state.output(), stream.id, stream.consumed)
    stream.receiveWindow += stream.consumed
    stream.consumed = 0
  }

  /** The stream is over. What came for it and was not consumed never will be: the other streams get the room. */
  leave(stream: H2Stream<Head>): void {
    this.#credit(stream.unconsumed)
    stream.unconsumed = 0
  }

  onDataFrame(streamId: number, length: number): H2Fault | undefined {
    if (!this.#window.take(length)) return h2Fault('FLOW_CONTROL_ERROR', 'The peer sends more than the window of the connection.')
    const table = this.#table
    const stream = table.streams.get(streamId)
    if (stream === undefined)
      return table.isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'DATA comes for a stream that was never begun.') : table.onLate(streamId)
    if (length > 0) this.#state.guard.onPayload()
    if (!stream.remoteOpen || !stream.headRead)
      return table.breakStream(stream, h2Fault('STREAM_CLOSED', 'DATA comes where the stream takes none.'))
    stream.receiveWindow -= length
    return stream.receiveWindow < 0
      ? table.breakStream(stream, h2Fault('FLOW_CONTROL_ERROR', 'The peer sends more than the window of the stream.'))
      : undefined
  }

  onPayload(streamId: number, bytes: Uint8Array, start: number, end: number, padding: number): H2Fault | undefined {
    const stream = this.#table.streams.get(streamId)
    if (stream === undefined) {
      this.#credit(end - start + padding)
      return undefined
    }
    stream.unconsumed += end - start + padding
    if (padding > 0) this.consumed(stream, padding)
    if (start === end) return undefined
    if (stream.owed !== -1) {
      stream.owed -= end - start
      if (stream.owed < 0) return this.#table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is longer than its Content-Length.'))
    }
    this.#state.events.onData(stream, bytes.subarray(start, end))
    return undefined
  }

  onDataEnd(streamId: number): H2Fault | undefined {
    const stream = this.#table.streams.get(streamId)
    return stream === undefined ? undefined : this.#table.endRemote(stream)
  }

  #credit(bytes: number): void {
    if (this.#state.fault !== undefined) return
    const update = this.#window.give(bytes)
    if (update > 0) writeWindowUpdate(this.#state.output(), 0, update)
  }
}
