import type { Output } from '../h1/output.ts'
import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import type { H2Limits } from '../limits.ts'
import type { H2ErrorName, H2Fault } from './protocol.ts'
import type { H2Stream } from './stream.ts'

/** What a peer says, stream by stream. Bytes are lent; every method may call back into the session. */
export interface H2Events<Head extends RequestHead | ReplyHead> {
  /** A head is complete; of replies also an interim one. Nothing follows it when `stream.remoteOpen` is false: `onEnd` is called all the same, unless the stream is over by then. */
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
  /** How often what stood in the output has left it. Whoever counts that lets the end of a message go with its last bytes, while they are there. */
  readonly departures?: () => number
  readonly limits?: H2Limits
  /** Monotonic milliseconds. */
  readonly nowMs: number
}
