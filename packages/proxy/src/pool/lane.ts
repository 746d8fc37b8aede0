import type { Conn, ConnError } from '@mesh/io'
import type { ReplyHead, RequestHead, TrailerField } from '@mesh/wire'

/** What an upstream says to one call. Bytes are lent. */
export interface LaneEvents {
  /** 1xx heads come here too. */
  onHead(reply: ReplyHead): void
  onBody(lent: Uint8Array): void
  onEnd(trailers: readonly TrailerField[]): void
  /** What came is no HTTP. */
  onMalformed(code: string): void
  onLost(error: ConnError | undefined, how: Loss): void
  /** No more of the request for now, and more again. */
  onShort(): void
  onDrain(): void
}

/**
 * Before the reply was complete the connection ended, or the stream was reset, or the upstream says that it did nothing with the request:
 * it has enough of them (`refused`), or takes no more on this connection (`dismissed`).
 */
export type Loss = 'closed' | 'reset' | 'refused' | 'dismissed'

/** One call's way to an upstream: of HTTP/1.1 the whole connection, of HTTP/2 a stream of it. */
export interface Lane {
  /** Calls that the connection served before. */
  readonly served: number
  /** `ip:port`. */
  readonly remotePlace: string
  readonly localPlace: string
  /** Verified SPIFFE id of the server. */
  readonly principal: string | undefined
  /** Sends the head and what was kept of the body; both leave with the next flush of the outbox. */
  begin(request: RequestHead, kept: readonly Uint8Array[], events: LaneEvents): void
  body(lent: Uint8Array): void
  /** The request is complete. */
  end(trailers: readonly TrailerField[]): void
  /** No more of the reply for now, and more again. */
  pause(): void
  resume(): void
  /** Both messages are complete: the way is free for others. */
  settle(): void
  /** The reply is not wanted any more. */
  abandon(): void
  /** HTTP is over, the upstream having answered 101: what carries bytes from here on. */
  takeOver(): Tunnel
}

/** An upgraded lane. */
export interface Tunnel {
  readonly conn: Conn
  /** What came behind the head. */
  readonly rest: Uint8Array
  /** It is closed. */
  ended(): void
}

/** Told how getting a lane went: exactly one of both. */
export interface LaneWaiter {
  onLane(lane: Lane): void
  onLaneFailed(error: ConnError | undefined): void
}
