import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { h2ErrorName, h2Fault, type H2ErrorName, type H2Fault } from './protocol.ts'
import type { SessionState } from './session-state.ts'
import type { H2Stream } from './stream.ts'
import { writeReset } from './write-frames.ts'

/** The streams of a connection, and how each of them ends. */
export class StreamTable<Head extends RequestHead | ReplyHead> {
  readonly streams = new Map<number, H2Stream<Head>>()
  /** Highest id that the peer has begun. */
  lastPeerId = 0
  /** Highest id that we have begun. */
  lastOwnId: number
  readonly #state: SessionState<Head>
  readonly #onOver: (stream: H2Stream<Head>) => void
  /** Ids that we reset lately: what is still on its way for them means nothing. */
  readonly #resetLately = new Set<number>()

  /** `onOver` is told of every stream that is over, whatever ended it. */
  constructor(state: SessionState<Head>, onOver: (stream: H2Stream<Head>) => void) {
    this.#state = state
    this.#onOver = onOver
    this.lastOwnId = state.isClient ? -1 : 0
  }

  isOwn(streamId: number): boolean {
    return (streamId % 2 === 1) === this.#state.isClient
  }

  isIdle(streamId: number): boolean {
    return this.isOwn(streamId) ? streamId > this.lastOwnId : streamId > this.lastPeerId
  }

  /** Something comes for a stream that is over: on its way when we reset it, else a mistake. */
  onLate(streamId: number): H2Fault | undefined {
    return this.#resetLately.has(streamId) ? undefined : h2Fault('STREAM_CLOSED', 'Something comes for a stream that is over.')
  }

  /** Takes a stream back; nothing is told of it any more. */
  reset(stream: H2Stream<Head>, code: H2ErrorName): void {
    if (stream.state === 'closed' || this.#state.fault !== undefined) return
    writeReset(this.#state.output(), stream.id, code)
    this.#forget(stream)
    this.#resetLately.add(stream.id)
    if (this.#resetLately.size > RESETS_KEPT) this.#resetLately.delete(this.#resetLately.values().next().value ?? 0)
  }

  /** A rule was broken that concerns one stream only. */
  breakStream(stream: H2Stream<Head>, fault: H2Fault): H2Fault | undefined {
    const early = !stream.headSent
    this.reset(stream, fault.code)
    this.#state.events.onReset(stream, fault.code, fault)
    return early ? this.takenBack() : undefined
  }

  /** A stream came to nothing by the peer's doing. */
  takenBack(): H2Fault | undefined {
    return this.#state.isClient ? undefined : this.#state.guard.onTakenBack()
  }

  onReset(streamId: number, code: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    if (stream === undefined)
      return this.isIdle(streamId) ? h2Fault('PROTOCOL_ERROR', 'A stream is reset that was never begun.') : undefined
    const early = !stream.headSent
    this.#forget(stream)
    this.#state.events.onReset(stream, h2ErrorName(code), undefined)
    return early ? this.takenBack() : undefined
  }

  onSelfDependency(streamId: number): H2Fault | undefined {
    const stream = this.streams.get(streamId)
    const fault = h2Fault('PROTOCOL_ERROR', 'A stream depends on itself.')
    return stream === undefined ? fault : this.breakStream(stream, fault)
  }

  /** The peer's message is complete. */
  endRemote(stream: H2Stream<Head>): H2Fault | undefined {
    if (!stream.remoteOpen) return undefined
    if (stream.owed > 0) return this.breakStream(stream, h2Fault('PROTOCOL_ERROR', 'A body is shorter than its Content-Length.'))
    this.closeRemote(stream)
    this.#state.events.onEnd(stream)
    return undefined
  }

  /** Answers whether the stream is over. */
  closeRemote(stream: H2Stream<Head>): boolean {
    const over = stream.endRemote()
    if (over) this.#forget(stream)
    return over
  }

  endLocal(stream: H2Stream<Head>): void {
    if (stream.endLocal()) this.#forget(stream)
  }

  /** Ends those for which `which` holds without a word to the peer. */
  drop(code: H2ErrorName, which: (stream: H2Stream<Head>) => boolean = () => true): void {
    for (const stream of [...this.streams.values()]) {
      if (!which(stream)) continue
      this.#forget(stream)
      this.#state.events.onReset(stream, code, this.#state.fault)
    }
  }

  #forget(stream: H2Stream<Head>): void {
    stream.state = 'closed'
    this.streams.delete(stream.id)
    this.#onOver(stream)
  }
}

const RESETS_KEPT = 1000
