import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import type { TrailerField } from './trailer-fields.ts'

/** Which direction of a stream is over (RFC 9113 section 5.1); a stream in `idle` has no object. */
export type StreamState = 'open' | 'half-closed-local' | 'half-closed-remote' | 'closed'

/** One request and its reply on a connection. */
export class H2Stream<Head extends RequestHead | ReplyHead = RequestHead | ReplyHead> {
  readonly id: number
  /** What the peer sends: valid until the stream is closed. */
  readonly head: Head
  state: StreamState = 'open'
  /** Bytes that we may send; a change of the peer's settings can make it negative. */
  sendWindow: number
  /** Bytes that the peer may send. */
  receiveWindow: number
  /** Bytes received and consumed that the peer was not told of. */
  consumed = 0
  /** Bytes received and not consumed: the window of the connection misses them, and gets them back when the stream is over. */
  unconsumed = 0
  /** Payload that the peer still owes by its Content-Length; -1: it did not say. */
  owed = -1
  /** The peer's head was told. */
  headRead = false
  /** Our final head was sent. */
  headSent = false
  /** `:protocol` of an extended CONNECT. */
  protocol: string | undefined
  /** Behind the body that the peer sent. */
  trailers: readonly TrailerField[] = NO_TRAILERS
  /** Somebody waits for the window to open. */
  waiting = false
  /** Its head serves another stream. */
  spared = false
  /** Whatever the driver keeps beside the stream. */
  owner: unknown

  constructor(id: number, head: Head, sendWindow: number, receiveWindow: number) {
    this.id = id
    this.head = head
    this.sendWindow = sendWindow
    this.receiveWindow = receiveWindow
  }

  /** The peer may still send. */
  get remoteOpen(): boolean {
    return this.state === 'open' || this.state === 'half-closed-local'
  }

  /** We may still send. */
  get localOpen(): boolean {
    return this.state === 'open' || this.state === 'half-closed-remote'
  }

  /** Answers whether both directions are over now. */
  endRemote(): boolean {
    this.state = this.state === 'open' ? 'half-closed-remote' : 'closed'
    return this.state === 'closed'
  }

  endLocal(): boolean {
    this.state = this.state === 'open' ? 'half-closed-local' : 'closed'
    return this.state === 'closed'
  }
}

const NO_TRAILERS: readonly TrailerField[] = []
