import type { LocalReply } from '@mesh/core/call'
import type { Conn } from '@mesh/io'
import type { ReplyHead, TrailerField } from '@mesh/wire'
import type { LiveConn } from '../listen/bound-listener.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { Exchange } from './exchange.ts'

/** The caller's side of an upgraded call. */
export interface ClientTunnel {
  readonly conn: Conn
  /** What came behind the request. */
  readonly early: Uint8Array
  /** The tunnel wants to be told about policy and shutdown from now on. */
  become(live: LiveConn): void
  /** It is closed. */
  ended(): void
}

/** The downstream connection, or the stream of it, as a call needs it. */
export interface ReplySink {
  readonly downstream: Downstream
  /** Bytes of the request are being read now. */
  readonly reading: boolean
  /** The caller of a request that asked for it may send the body. */
  sendContinue(): void
  /** Sends the head of the upstream's reply; body, if any, follows. */
  sendHead(reply: ReplyHead): void
  sendBody(lent: Uint8Array): void
  /** The reply is complete. */
  endReply(trailers: readonly TrailerField[]): void
  /** Forwards a 1xx head. */
  sendInterim(reply: ReplyHead): void
  sendLocal(reply: LocalReply): void
  /** The reply cannot be completed: the client must see that. */
  breakOff(): void
  /** Bytes of the request may come, or not. */
  pauseRequest(): void
  resumeRequest(): void
  /** HTTP is over: the caller's side of what carries bytes from here on. */
  takeOver(): ClientTunnel
  /** The call is over, its record written. */
  done(exchange: Exchange): void
}
