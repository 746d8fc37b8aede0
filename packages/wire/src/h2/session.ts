import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { dispatchFrames } from './dispatch-frames.ts'
import { HeaderBlocks, type Decode, type NO_BEGINNING } from './header-blocks.ts'
import { Inbound } from './inbound.ts'
import type { H2ErrorName, H2Fault } from './protocol.ts'
import { ReceiveSide } from './receive-side.ts'
import { SendSide } from './send-side.ts'
import type { H2SessionOptions } from './session-events.ts'
import { SessionState } from './session-state.ts'
import type { PeerSettings } from './settings.ts'
import { Shutdown } from './shutdown.ts'
import { StreamTable } from './stream-table.ts'
import { H2Stream } from './stream.ts'
import type { TrailerField } from './trailer-fields.ts'
import { writePing } from './write-frames.ts'

/**
 * One end of an HTTP/2 connection (RFC 9113) as a state machine over bytes: streams, flow control, settings, shutdown.
 * It opens no socket and reads no clock. After `read` has answered false, send what stands in the output and close.
 */
export abstract class H2Session<Head extends RequestHead | ReplyHead> {
  protected readonly state: SessionState<Head>
  protected readonly table: StreamTable<Head>
  protected readonly sending: SendSide<Head>
  protected readonly receiving: ReceiveSide<Head>
  protected readonly blocks: HeaderBlocks<Head>
  readonly #shutdown: Shutdown<Head>
  readonly #inbound: Inbound

  constructor(options: H2SessionOptions<Head>, isClient: boolean) {
    const state = new SessionState(options, isClient)
    const table = new StreamTable(state, (stream) => this.#onOver(stream))
    this.state = state
    this.table = table
    this.sending = new SendSide(state, table)
    this.receiving = new ReceiveSide(state, table)
    this.blocks = new HeaderBlocks(state, table, {
      onHeadBlock: (stream, endStream, decode) => this.onHeadBlock(stream, endStream, decode),
      onNewStream: (streamId, endStream, decode) => this.onNewStream(streamId, endStream, decode),
    })
    this.#shutdown = new Shutdown(state, table)
    const { sending, receiving, blocks } = this
    const events = dispatchFrames({ state, table, sending, receiving, blocks, shutdown: this.#shutdown })
    this.#inbound = new Inbound(events, state.limits, !isClient)
  }

  /** Why the connection is at its end. */
  get fault(): H2Fault | undefined {
    return this.state.fault
  }

  get peer(): Readonly<PeerSettings> {
    return this.state.peer
  }

  get streams(): ReadonlyMap<number, H2Stream<Head>> {
    return this.table.streams
  }

  /** No streams are begun any more. */
  get goaway(): boolean {
    return this.state.goaway
  }

  /** Reads what came; false: the connection is over (see `fault`). */
  read(bytes: Uint8Array, nowMs: number): boolean {
    if (this.fault !== undefined) return false
    this.state.nowMs = nowMs
    const fault = this.#inbound.read(bytes)
    if (fault === undefined) return true
    this.fail(fault)
    return false
  }

  /** Ends the connection: GOAWAY goes out, and every stream is told. */
  fail(fault: H2Fault): void {
    this.#shutdown.fail(fault)
  }

  /** Asks the peer for a sign of life: it must answer, unless something else of it comes. */
  ping(): void {
    if (this.fault === undefined) writePing(this.state.output(), PING, 0, false)
  }

  /** The connection was lost. */
  lost(): void {
    this.#shutdown.lost()
  }

  /** Begins an orderly end: streams under way go on, and the peer shall begin no more; those on their way are still served. */
  drain(): void {
    this.#shutdown.drain()
  }

  /** Says which streams were the last ones: at the answer to the PING of `drain`, or when the driver waits for it no longer. Later ones are refused. */
  endDrain(): void {
    this.#shutdown.endDrain()
  }

  /** The peer was told which streams were the last ones. */
  get drained(): boolean {
    return this.#shutdown.drained
  }

  /** Sends payload as far as the windows let it; answers how many bytes that is. Less than all: `onWritable` follows. */
  sendData(stream: H2Stream<Head>, bytes: Uint8Array, endStream = false): number {
    return this.sending.data(stream, bytes, endStream)
  }

  /** Our message is complete. */
  endStream(stream: H2Stream<Head>, trailers: readonly TrailerField[] = []): void {
    this.sending.end(stream, trailers)
  }

  /** Takes a stream back; nothing is told of it any more. */
  reset(stream: H2Stream<Head>, code: H2ErrorName): void {
    this.table.reset(stream, code)
  }

  /** Payload went on its way: the peer may send as much again. Of a stream that is over nothing is owed any more. */
  consumed(stream: H2Stream<Head>, bytes: number): void {
    this.receiving.consumed(stream, bytes)
  }

  /** The first header list of the peer on a stream that is there. */
  protected abstract onHeadBlock(stream: H2Stream<Head>, endStream: boolean, decode: Decode): H2Fault | undefined
  /** A header list for a stream that is not there, and the fault that came of it. */
  protected abstract onNewStream(streamId: number, endStream: boolean, decode: Decode): H2Fault | undefined | typeof NO_BEGINNING

  protected begin(streamId: number, head: Head): H2Stream<Head> {
    return new H2Stream(streamId, head, this.peer.initialWindow, this.state.limits.streamWindow)
  }

  #onOver(stream: H2Stream<Head>): void {
    this.sending.leave(stream)
    this.receiving.leave(stream)
  }
}

/** Another one than that of a drain. */
const PING = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0)
