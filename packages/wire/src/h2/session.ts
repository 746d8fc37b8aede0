import type { Output } from '../h1/output.ts'
import { RequestHead } from '../h1/request-head.ts'
import type { ReplyHead } from '../h1/reply-head.ts'
import { H2_LIMITS, type H2Limits } from '../limits.ts'
import { FloodGuard } from './flood-guard.ts'
import { FlowWindow } from './flow-window.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import { HpackEncoder } from './hpack/encoder.ts'
import { Inbound, type InboundEvents } from './inbound.ts'
import { DEFAULT_WINDOW, h2ErrorName, h2Fault, MAX_STREAM_ID, MAX_WINDOW, type H2ErrorName, type H2Fault } from './protocol.ts'
import { defaultSettings, readSettings } from './settings.ts'
import type { H2Stream } from './stream.ts'
import { TrailerFields, type TrailerField } from './trailer-fields.ts'
import { HeadWriter } from './write-head.ts'
import { writeDataHead, writeGoaway, writeHeaderBlock, writePing, writeReset, writeSettingsAck, writeWindowUpdate } from './write-frames.ts'

/** What a peer says, stream by stream. Bytes are lent; every method may call back into the session. */
export interface H2Events<Head extends RequestHead | ReplyHead> {
  /** A head is complete; of replies also an interim one. Nothing follows it when `stream.remoteOpen` is false: `onEnd` is called all the same. */
  onHead(stream: H2Stream<Head>): void
  /** Payload; hand it on and say `consumed`, or the peer must stop. */
  onData(stream: H2Stream<Head>, lent: Uint8Array): void
  /** The peer's message is complete, `stream.trailers` included. */
  onEnd(stream: H2Stream<Head>): void
  /** The stream is over before it was complete: the peer's reset, or a rule that it broke (then `fault`). */
  onReset(stream: H2Stream<Head>, code: H2ErrorName, fault: H2Fault | undefined): void
  /** More may be sent on a stream on which `sendData` took less than it was given. */
  onWritable(stream: H2Stream<Head>): void
  /** The peer wants no more streams; those that it will not serve were reset with REFUSED_STREAM. */
  onGoaway(code: H2ErrorName): void
  /** The peer's settings came; more streams may be open now. */
  onSettings(): void
  /** A message that never became one: for counters and logs. */
  onRefused(fault: H2Fault): void
}

export interface H2SessionOptions<Head extends RequestHead | ReplyHead> {
  readonly events: H2Events<Head>
  /** Where frames are written; the driver sends what stands there. */
  readonly output: () => Output
  readonly limits?: H2Limits
  /** Monotonic milliseconds. */
  readonly nowMs: number
}

/**
 * One end of an HTTP/2 connection (RFC 9113) as a state machine over bytes: streams, flow control, settings, shutdown.
 * It opens no socket and reads no clock. After `read` has answered false, send what stands in the output and close.
 */
export abstract class H2Session<Head extends RequestHead | ReplyHead> implements InboundEvents {
  /** Why the connection is at its end. */
  fault: H2Fault | undefined
  readonly peer = defaultSettings()
  readonly streams = new Map<number, H2Stream<Head>>()
  /** No streams are begun any more. */
  goaway = false
  protected readonly events: H2Events<Head>
  protected readonly limits: H2Limits
  protected readonly output: () => Output
  protected readonly guard: FloodGuard
  protected readonly heads: HeadWriter
  /** Highest id that the peer has begun. */
  protected lastPeerId = 0
  readonly #inbound: Inbound
  readonly #decoder: HpackDecoder
  readonly #encoder: HpackEncoder
  readonly #receive: FlowWindow
  #sendWindow = DEFAULT_WINDOW
  /** Streams that wait for the connection's window, longest first. */
  readonly #waiting = new Set<H2Stream<Head>>()
  /** Ids that we reset lately: what is still on its way for them means nothing. */
  readonly #resetLately = new Set<number>()
  #draining = false
  /** Highest id of the peer's that is served, once that is settled. */
  #lastServedId = Infinity
  #nowMs: number

  constructor(options: H2SessionOptions<Head>, server: boolean) {
    const limits = options.limits ?? H2_LIMITS
    this.events = options.events
    this.output = options.output
    this.limits = limits
    this.#nowMs = options.nowMs
    this.guard = new FloodGuard(limits, options.nowMs)
    this.#inbound = new Inbound(this, limits, server)
    this.#decoder = new HpackDecoder({ maxTableBytes: limits.headerTableBytes, maxTextBytes: limits.maxHeadBytes })
    this.#encoder = new HpackEncoder(limits.headerTableBytes)
    this.heads = new HeadWriter(this.#encoder)
    this.#receive = new FlowWindow(limits.connectionWindow)
  }

  /** Reads what came; false: the connection is over (see `fault`). */
  read(bytes: Uint8Array, nowMs: number): boolean {
    if (this.fault !== undefined) return false
    this.#nowMs = nowMs
    const fault = this.#inbound.read(bytes)
    if (fault === undefined) return true
    this.fail(fault)
    return false
  }

  /** Ends the connection: GOAWAY goes out, and every stream is told. */
  fail(fault: H2Fault): void {
    if (this.fault !== undefined) return
    this.fault = fault
    writeGoaway(this.output(), Math.min(this.lastPeerId, this.#lastServedId), fault.code)
    this.#end(fault.code)
  }

  /** The connection was lost. */
  lost(): void {
    this.fault ??= h2Fault('INTERNAL_ERROR', 'The connection was lost.')
    this.#end('CANCEL')
  }

  /** Begins an orderly end: streams under way go on, and the peer shall begin no more; those on their way are still served (RFC 9113 section 6.8). */
  drain(): void {
    if (this.#draining || this.fault !== undefined) return
    this.#draining = true
    this.goaway = true
    writeGoaway(this.output(), MAX_STREAM_ID, 'NO_ERROR')
    writePing(this.output(), DRAIN_PING, 0, false)
  }

  /** Says which streams were the last ones: at the answer to the PING of `drain`, or when the driver waits for it no longer. Later ones are refused. */
  endDrain(): void {
    if (!this.#draining || this.drained || this.fault !== undefined) return
    this.#lastServedId = this.lastPeerId
    writeGoaway(this.output(), this.#lastServedId, 'NO_ERROR')
  }

  /** The peer was told which streams were the last ones. */
  get drained(): boolean {
    return this.#lastServedId !== Infinity
  }

  /** Sends payload as far as the windows let it; answers how many bytes that is. Less than all: `onWritable` follows. */
  sendData(stream: H2Stream<Head>, bytes: Uint8Array, endStream = false): number {
    if (!stream.localOpen || this.fault !== undefined) return bytes.length
    const out = this.output()
    let at = 0
    while (at < bytes.length) {
      const size = Math.min(bytes.length - at, stream.sendWindow, this.#sendWindow, this.peer.maxFrameBytes)
      if (size <= 0) return this.#wait(stream, at)
      const last = endStream && at + size === bytes.length
      writeDataHead(out, stream.id, size, last)
      out.copy(bytes, at, at + size)
      this.guard.onPayload()
      at += size
      stream.sendWindow -= size
      this.#sendWindow -= size
      if (last) this.#endLocal(stream)
    }
    return at
  }

  /** Our message is complete. */
  endStream(stream: H2Stream<Head>, trailers: readonly TrailerField[] = []): void {
    if (!stream.localOpen || this.fault !== undefined) return
    if (trailers.length === 0) writeDataHead(this.output(), stream.id, 0, true)
    else {
      this.heads.trailers(trailers)
      this.sendBlock(stream, true)
      return
    }
    this.#endLocal(stream)
  }

  /** Takes a stream back; nothing is told of it any more. */
  reset(stream: H2Stream<Head>, code: H2ErrorName): void {
    if (stream.state === 'closed' || this.fault !== undefined) return
    writeReset(this.output(), stream.id, code)
    this.#forget(stream)
    this.#resetLately.add(stream.id)
    if (this.#resetLately.size > RESETS_KEPT) this.#resetLately.delete(this.#resetLately.values().next().value ?? 0)
  }

  /** Payload went on its way: the peer may send as much again. Of a stream that is over nothing is owed any more. */
  consumed(stream: H2Stream<Head>, bytes: number): void {
    const due = Math.min(bytes, stream.unconsumed)
    stream.unconsumed -= due
    this.#credit(due)
    stream.consumed += due
    if (!stream.remoteOpen || stream.consumed * 2 < this.limits.streamWindow) return
    writeWindowUpdate(this.output(), stream.id, stream.consumed)
    stream.receiveWindow += stream.consumed
    stream.consumed = 0
  }

  onBlock(streamId: number, endStream: boolean, block: Uint8Array, start: number, end: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    if (stream === undefined) return this.#onForeignBlock(streamId, endStream, block, start, end)
    if (!stream.remoteOpen)
      return (
        this.#skip(block, start, end) ?? this.breakStream(stream, h2Fault('STREAM_CLOSED', 'A header list follows the end of its stream.'))
      )
    if (stream.headRead) return this.#onTrailers(stream, endStream, block, start, end)
    return this.onHeadBlock(stream, endStream, (sink) => this.#decoder.decode(block, start, end, sink))
  }

  onDataFrame(streamId: number, length: number): H2Fault | undefined {
    if (!this.#receive.take(length)) return h2Fault('FLOW_CONTROL_ERROR', 'The peer sends more than the window of the connection.')
    const stream = this.streams.get(streamId)
    if (stream === undefined)
      return this.#isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'DATA comes for a stream that was never begun.') : this.#onLate(streamId)
    if (length > 0) this.guard.onPayload()
    if (!stream.remoteOpen || !stream.headRead)
      return this.breakStream(stream, h2Fault('STREAM_CLOSED', 'DATA comes where the stream takes none.'))
    stream.receiveWindow -= length
    return stream.receiveWindow < 0
      ? this.breakStream(stream, h2Fault('FLOW_CONTROL_ERROR', 'The peer sends more than the window of the stream.'))
      : undefined
  }

  onPayload(streamId: number, bytes: Uint8Array, start: number, end: number, padding: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    if (stream === undefined) {
      this.#credit(end - start + padding)
      return undefined
    }
    stream.unconsumed += end - start + padding
    if (padding > 0) this.consumed(stream, padding)
    if (start === end) return undefined
    if (stream.owed !== -1) {
      stream.owed -= end - start
      if (stream.owed < 0) return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is longer than its Content-Length.'))
    }
    this.events.onData(stream, bytes.subarray(start, end))
    return undefined
  }

  onDataEnd(streamId: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    return stream === undefined ? undefined : this.endRemote(stream)
  }

  onReset(streamId: number, code: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    if (stream === undefined)
      return this.#isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'A stream is reset that was never begun.') : undefined
    const early = !stream.headSent
    this.#forget(stream)
    this.events.onReset(stream, h2ErrorName(code), undefined)
    return early ? this.takenBack() : undefined
  }

  onSettings(bytes: Uint8Array, start: number, end: number): H2Fault | undefined {
    const { peer } = this
    const before = peer.initialWindow
    const fault = readSettings(peer, bytes, start, end, this.isClient)
    if (fault !== undefined) return fault
    this.#encoder.allow(peer.headerTableBytes)
    writeSettingsAck(this.output())
    for (const stream of this.streams.values()) {
      stream.sendWindow += peer.initialWindow - before
      if (stream.sendWindow > MAX_WINDOW) return h2Fault('FLOW_CONTROL_ERROR', 'INITIAL_WINDOW_SIZE makes a window too large.')
    }
    this.events.onSettings()
    if (peer.initialWindow > before) for (const stream of [...this.streams.values()]) this.#wake(stream)
    return undefined
  }

  onPing(bytes: Uint8Array, start: number, ack: boolean): H2Fault | undefined {
    if (!ack) writePing(this.output(), bytes, start, true)
    else if (bytes[start] === DRAIN_PING[0]) this.endDrain()
    return undefined
  }

  onGoaway(lastStreamId: number, code: number): H2Fault | undefined {
    this.goaway = true
    for (const stream of [...this.streams.values()]) {
      if (!this.isOwn(stream.id) || stream.id <= lastStreamId) continue
      this.#forget(stream)
      this.events.onReset(stream, 'REFUSED_STREAM', undefined)
    }
    this.events.onGoaway(h2ErrorName(code))
    return undefined
  }

  onWindowUpdate(streamId: number, bytes: number): H2Fault | undefined {
    if (streamId === 0) {
      this.#sendWindow += bytes
      if (bytes === 0) return h2Fault('PROTOCOL_ERROR', 'A window is opened by nothing.')
      if (this.#sendWindow > MAX_WINDOW) return h2Fault('FLOW_CONTROL_ERROR', 'The window of the connection is too large.')
      for (const stream of [...this.#waiting]) this.#wake(stream)
      return undefined
    }
    const stream = this.streams.get(streamId)
    if (stream === undefined)
      return this.#isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'A window is opened for a stream that was never begun.') : undefined
    stream.sendWindow += bytes
    if (bytes === 0) return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A window is opened by nothing.'))
    if (stream.sendWindow > MAX_WINDOW)
      return this.breakStream(stream, h2Fault('FLOW_CONTROL_ERROR', 'The window of a stream is too large.'))
    this.#wake(stream)
    return undefined
  }

  onSelfDependency(streamId: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    const fault = h2Fault('PROTOCOL_ERROR', 'A stream depends on itself.')
    return stream === undefined ? fault : this.breakStream(stream, fault)
  }

  onControlFrame(type: number): H2Fault | undefined {
    return this.guard.onControlFrame(type, this.#nowMs)
  }

  protected abstract readonly isClient: boolean
  protected abstract isOwn(streamId: number): boolean
  /** The first header list of the peer on a stream that is there. */
  protected abstract onHeadBlock(stream: H2Stream<Head>, endStream: boolean, decode: Decode): H2Fault | undefined
  /** A header list for a stream that is not there; undefined: it is no beginning of one. */
  protected abstract onNewStream(streamId: number, endStream: boolean, decode: Decode): { readonly fault: H2Fault | undefined } | undefined

  protected windows(): { readonly send: number; readonly receive: number } {
    return { send: this.peer.initialWindow, receive: this.limits.streamWindow }
  }

  /** Opens the connection's window as wide as our limits say; the standard begins with less. */
  protected openWindow(): void {
    const more = this.limits.connectionWindow - DEFAULT_WINDOW
    if (more > 0) writeWindowUpdate(this.output(), 0, more)
  }

  /** Sends the block that `heads` has written. */
  protected sendBlock(stream: H2Stream<Head>, endStream: boolean): void {
    writeHeaderBlock(this.output(), this.heads.block.written, { streamId: stream.id, endStream, maxFrameBytes: this.peer.maxFrameBytes })
    if (endStream) this.#endLocal(stream)
  }

  /** A head was read and is right: what follows is known from it. */
  protected tellHead(stream: H2Stream<Head>, endStream: boolean): H2Fault | undefined {
    const { head } = stream
    stream.owed = head.framing === 'length' ? head.contentLength : -1
    if (endStream && stream.owed > 0)
      return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is shorter than its Content-Length.'))
    if (!endStream && stream.protocol === undefined && head.framing !== 'length' && head.framing !== 'raw') this.#expectBody(stream)
    stream.headRead = true
    if (endStream) this.#tellWhole(stream)
    else this.events.onHead(stream)
    return undefined
  }

  /** Nothing follows the head; who is told of it can see that. */
  #tellWhole(stream: H2Stream<Head>): void {
    const both = this.#closeRemote(stream)
    this.events.onHead(stream)
    if (both || stream.state !== 'closed') this.events.onEnd(stream)
  }

  /** A body whose length nobody told (what an extended CONNECT carries is no body); a reply that has none by its status or method may still end in a frame of its own. */
  #expectBody(stream: H2Stream<Head>): void {
    const { head } = stream
    if (head.framing === 'none' && !(head instanceof RequestHead)) stream.owed = 0
    else head.framing = 'chunked'
  }

  protected endRemote(stream: H2Stream<Head>): H2Fault | undefined {
    if (!stream.remoteOpen) return undefined
    if (stream.owed > 0) return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is shorter than its Content-Length.'))
    this.#closeRemote(stream)
    this.events.onEnd(stream)
    return undefined
  }

  /** Answers whether the stream is over. */
  #closeRemote(stream: H2Stream<Head>): boolean {
    const over = stream.endRemote()
    if (over) this.#forget(stream)
    return over
  }

  /** A rule was broken that concerns one stream only. */
  protected breakStream(stream: H2Stream<Head>, fault: H2Fault): H2Fault | undefined {
    const early = !stream.headSent
    this.reset(stream, fault.code)
    this.events.onReset(stream, fault.code, fault)
    return early ? this.takenBack() : undefined
  }

  /** A stream came to nothing by the peer's doing. */
  protected takenBack(): H2Fault | undefined {
    return this.isClient ? undefined : this.guard.onTakenBack()
  }

  #onForeignBlock(streamId: number, endStream: boolean, block: Uint8Array, start: number, end: number): H2Fault | undefined {
    const begun = this.onNewStream(streamId, endStream, (sink) => this.#decoder.decode(block, start, end, sink))
    if (begun !== undefined) return begun.fault
    return (
      this.#skip(block, start, end) ??
      (this.#isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'A stream has an id that it cannot have.') : this.#onLate(streamId))
    )
  }

  #onTrailers(stream: H2Stream<Head>, endStream: boolean, block: Uint8Array, start: number, end: number): H2Fault | undefined {
    TRAILERS.begin({ maxHeadBytes: this.limits.maxTrailerBytes, maxHeaders: this.limits.maxHeaders })
    if (!this.#decoder.decode(block, start, end, TRAILERS)) return COMPRESSION
    const fields = endStream ? TRAILERS.finish() : undefined
    if (fields === undefined)
      return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'The trailers are malformed, or do not end the stream.'))
    stream.trailers = fields
    return this.endRemote(stream)
  }

  /** Both ends' tables must stay equal, whoever reads the fields. */
  #skip(block: Uint8Array, start: number, end: number): H2Fault | undefined {
    return this.#decoder.decode(block, start, end, NOBODY) ? undefined : COMPRESSION
  }

  /** Something comes for a stream that is over: on its way when we reset it, else a mistake. */
  #onLate(streamId: number): H2Fault | undefined {
    return this.#resetLately.has(streamId) ? undefined : h2Fault('STREAM_CLOSED', 'Something comes for a stream that is over.')
  }

  #isIdle(streamId: number): boolean {
    return this.isOwn(streamId) ? streamId > this.lastOwnId : streamId > this.lastPeerId
  }

  protected abstract readonly lastOwnId: number

  #endLocal(stream: H2Stream<Head>): void {
    if (stream.endLocal()) this.#forget(stream)
  }

  /** What came for it and was not consumed never will be: the other streams get the room. */
  #forget(stream: H2Stream<Head>): void {
    stream.state = 'closed'
    this.#credit(stream.unconsumed)
    stream.unconsumed = 0
    this.streams.delete(stream.id)
    this.#waiting.delete(stream)
  }

  #wait(stream: H2Stream<Head>, sent: number): number {
    stream.waiting = true
    this.#waiting.add(stream)
    return sent
  }

  #wake(stream: H2Stream<Head>): void {
    if (!stream.waiting || stream.sendWindow <= 0 || this.#sendWindow <= 0) return
    stream.waiting = false
    this.#waiting.delete(stream)
    this.events.onWritable(stream)
  }

  #credit(bytes: number): void {
    if (this.fault !== undefined) return
    const update = this.#receive.give(bytes)
    if (update > 0) writeWindowUpdate(this.output(), 0, update)
  }

  #end(code: H2ErrorName): void {
    this.goaway = true
    for (const stream of [...this.streams.values()]) {
      this.#forget(stream)
      this.events.onReset(stream, code, this.fault)
    }
  }
}

/** Decodes the block at hand into a sink; false: it is none, and the connection cannot go on. */
export type Decode = (sink: Parameters<HpackDecoder['decode']>[3]) => boolean

export const COMPRESSION = h2Fault('COMPRESSION_ERROR', 'A header block cannot be decoded.')
/** Serves all connections: a list is read and taken in one go. */
const TRAILERS = new TrailerFields()
const NOBODY = { field: (): boolean => false }
const RESETS_KEPT = 1000
const DRAIN_PING = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)
