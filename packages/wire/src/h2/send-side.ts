import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { HpackEncoder } from './hpack/encoder.ts'
import { DEFAULT_WINDOW, FRAME_HEAD_BYTES, h2Fault, MAX_WINDOW, type H2Fault } from './protocol.ts'
import type { SessionState } from './session-state.ts'
import { LastData } from './last-data.ts'
import { readSettings } from './settings.ts'
import type { H2Stream } from './stream.ts'
import type { StreamTable } from './stream-table.ts'
import type { TrailerField } from './trailer-fields.ts'
import { endHeaderBlock, writeData, writeSettingsAck } from './write-frames.ts'
import { HeadWriter } from './write-head.ts'

/** What we send, within what the peer lets us: its settings, the windows of its streams and of the connection. */
export class SendSide<Head extends RequestHead | ReplyHead> {
  readonly #heads: HeadWriter
  readonly #state: SessionState<Head>
  readonly #table: StreamTable<Head>
  readonly #encoder: HpackEncoder
  #window = DEFAULT_WINDOW
  readonly #lastData = new LastData()
  /** Where the header block that is being written begins. */
  #blockStart = 0
  /** Streams that wait for the connection's window, longest first. */
  readonly #waiting = new Set<H2Stream<Head>>()

  constructor(state: SessionState<Head>, table: StreamTable<Head>) {
    this.#state = state
    this.#table = table
    this.#encoder = new HpackEncoder(state.limits.headerTableBytes)
    this.#heads = new HeadWriter(this.#encoder)
  }

  data(stream: H2Stream<Head>, bytes: Uint8Array, endStream: boolean): number {
    if (!stream.localOpen || this.#state.fault !== undefined) return bytes.length
    const out = this.#state.output()
    let at = 0
    while (at < bytes.length) {
      const size = Math.min(bytes.length - at, stream.sendWindow, this.#window, this.#state.peer.maxFrameBytes, RECORD_PAYLOAD)
      if (size <= 0) return this.#wait(stream, at)
      const last = endStream && at + size === bytes.length
      this.#lastData.begins(out, stream, this.#state.departures?.())
      writeData(out, stream, last, bytes, at, at + size)
      this.#state.guard.onPayload()
      at += size
      stream.sendWindow -= size
      this.#window -= size
      if (last) this.#table.endLocal(stream)
    }
    return at
  }

  end(stream: H2Stream<Head>, trailers: readonly TrailerField[]): void {
    if (!stream.localOpen || this.#state.fault !== undefined) return
    if (trailers.length > 0) {
      this.begin().trailers(trailers)
      this.finish(stream, true)
    } else {
      if (!this.#lastData.end(stream, this.#state.departures?.())) writeData(this.#state.output(), stream, true, NO_BYTES, 0, 0)
      this.#table.endLocal(stream)
    }
  }

  /** Begins a header block: what writes it, before anything else is sent. */
  begin(): HeadWriter {
    this.#blockStart = this.#heads.begin(this.#state.output())
    return this.#heads
  }

  /** Sends the header block that was begun and written. */
  finish(stream: H2Stream<Head>, endStream: boolean): void {
    endHeaderBlock(this.#heads.out, this.#blockStart, stream, endStream, this.#state.peer.maxFrameBytes)
    if (endStream) this.#table.endLocal(stream)
  }

  /** The stream is over. */
  leave(stream: H2Stream<Head>): void {
    this.#waiting.delete(stream)
  }

  onSettings(bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    const { peer, isClient, events } = this.#state
    const before = peer.initialWindow
    const fault = readSettings(peer, bytes, start, end, isClient)
    if (fault !== undefined) return fault
    this.#encoder.allow(peer.headerTableBytes)
    writeSettingsAck(this.#state.output())
    for (const stream of this.#table.streams.values()) {
      stream.sendWindow += peer.initialWindow - before
      if (stream.sendWindow > MAX_WINDOW) return h2Fault('FLOW_CONTROL_ERROR', 'INITIAL_WINDOW_SIZE makes a window too large.')
    }
    events.onSettings()
    if (peer.initialWindow > before) for (const stream of [...this.#table.streams.values()]) this.#wake(stream)
    return undefined
  }

  onWindowUpdate(streamId: number, bytes: number): H2Fault | undefined {
    if (streamId === 0) return this.#onConnectionUpdate(bytes)
    const stream = this.#table.streams.get(streamId)
    if (stream === undefined)
      return this.#table.isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'A window is opened for a stream that was never begun.') : undefined
    stream.sendWindow += bytes
    if (bytes === 0) return this.#table.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A window is opened by nothing.'))
    if (stream.sendWindow > MAX_WINDOW)
      return this.#table.breakStream(stream, h2Fault('FLOW_CONTROL_ERROR', 'The window of a stream is too large.'))
    this.#wake(stream)
    return undefined
  }

  #onConnectionUpdate(bytes: number): H2Fault | undefined {
    this.#window += bytes
    if (bytes === 0) return h2Fault('PROTOCOL_ERROR', 'A window is opened by nothing.')
    if (this.#window > MAX_WINDOW) return h2Fault('FLOW_CONTROL_ERROR', 'The window of the connection is too large.')
    for (const stream of [...this.#waiting]) this.#wake(stream)
    return undefined
  }

  #wait(stream: H2Stream<Head>, sent: number): number {
    stream.waiting = true
    this.#waiting.add(stream)
    return sent
  }

  #wake(stream: H2Stream<Head>): void {
    if (!stream.waiting || stream.sendWindow <= 0 || this.#window <= 0) return
    stream.waiting = false
    this.#waiting.delete(stream)
    this.#state.events.onWritable(stream)
  }
}

/** A DATA frame and its head fill one TLS record, and no second one with a few bytes. */
const RECORD_PAYLOAD = 16 * 1024 - FRAME_HEAD_BYTES
const NO_BYTES = new Uint8Array(0)
