import type { LocalReply } from '@mesh/core/call'
import type { Conn, WriteOutcome } from '@mesh/io'
import {
  RequestParser,
  writeContinue,
  writeOwnReplyHead,
  writeReplyHead,
  type Framing,
  type H1Error,
  type ReplyHead,
  type RequestHead,
  type TrailerField,
} from '@mesh/wire'
import { endBody, sendBody } from './body-writer.ts'
import { OUTBOX, type Sender } from './outbox.ts'
import { localHeaders, tellHop } from './reply-headers.ts'
import { WIRE_LIMITS } from './wire-limits.ts'

/** What a client says on a connection. */
export interface RequestEvents {
  onHead(request: RequestHead): void
  onBody(lent: Uint8Array): void
  onMessageEnd(trailers: readonly TrailerField[]): void
  onMalformed(error: H1Error): void
  /** The connection takes no more for now. */
  onShort(): void
}

/** HTTP/1.1 on one downstream connection: requests in, replies out. */
export class DownstreamCodec implements Sender {
  readonly #conn: Conn
  readonly #events: RequestEvents
  #parser = new RequestParser(WIRE_LIMITS)
  readonly #wallClock: () => number
  #framing: Framing = 'none'

  constructor(conn: Conn, events: RequestEvents, wallClock: () => number) {
    this.#conn = conn
    this.#events = events
    this.#wallClock = wallClock
  }

  /** Whether a request has begun whose head is not complete. */
  get headBegun(): boolean {
    return this.#parser.head.begun && !this.#parser.atRest
  }

  /** Reads up to the end of one request; answers how many bytes that took. */
  read(lent: Uint8Array): number {
    const parser = this.#parser
    let at = 0
    for (;;) {
      const step = parser.step(lent, at)
      at = parser.at
      switch (step) {
        case 'head':
          this.#events.onHead(parser.head)
          break
        case 'body':
          this.#events.onBody(lent.subarray(parser.bodyStart, parser.bodyEnd))
          break
        case 'end':
          this.#events.onMessageEnd(parser.trailers)
          return at
        case 'bad':
          if (parser.error !== undefined) this.#events.onMalformed(parser.error)
          return lent.length
        default:
          return at
      }
    }
  }

  /** The caller waits for this before it sends the body. */
  sendContinue(): void {
    writeContinue(OUTBOX.for(this))
    OUTBOX.flush()
  }

  interim(reply: ReplyHead): void {
    writeReplyHead(OUTBOX.for(this), reply, 'none')
    OUTBOX.flush()
  }

  /** Puts the head of the upstream's reply together, for a client of this version; answers its bytes. */
  head(reply: ReplyHead, to: { readonly minor: number; readonly close: boolean; readonly serviceMs: number }): number {
    const output = OUTBOX.for(this)
    const before = output.length
    this.#framing = framingFor(reply.framing, to.minor)
    tellHop(reply, { serviceMs: to.serviceMs, nowMs: this.#wallClock() })
    if (reply.status === 101) tellUpgrade(reply)
    else if (to.close) reply.set('connection', 'close')
    else if (to.minor === 0) reply.set('connection', 'keep-alive')
    writeReplyHead(output, reply, this.#framing)
    return output.length - before
  }

  body(lent: Uint8Array): void {
    this.#told(sendBody({ conn: this.#conn, sender: this, framing: this.#framing }, lent))
  }

  /** The reply is complete, and leaves. */
  end(trailers: readonly TrailerField[]): void {
    endBody({ sender: this, framing: this.#framing }, trailers)
    OUTBOX.flush()
  }

  /** Sends a reply that is made here; answers the bytes of its head. */
  local(reply: LocalReply, to: { readonly head: boolean; readonly close: boolean }): number {
    const body = encoder.encode(reply.body)
    const output = OUTBOX.for(this)
    const before = output.length
    const headers = localHeaders(reply, body.length, this.#wallClock())
    writeOwnReplyHead(output, reply.status, to.close ? [...headers, ['connection', 'close']] : headers)
    const headBytes = output.length - before
    if (!to.head) output.copy(body)
    OUTBOX.flush()
    return headBytes
  }

  /** CONNECT is granted. */
  established(): void {
    OUTBOX.for(this).text('HTTP/1.1 200 Connection established\r\n\r\n')
    OUTBOX.flush()
  }

  /** What follows are requests again. */
  restart(): void {
    this.#parser = new RequestParser(WIRE_LIMITS)
  }

  send(written: Uint8Array): void {
    this.#told(this.#conn.write(written))
  }

  #told(outcome: WriteOutcome): void {
    if (outcome === 'short') this.#events.onShort()
  }
}

/** What steers a connection leaves only when it is said again. */
function tellUpgrade(reply: ReplyHead): void {
  reply.set('upgrade', reply.header('upgrade') ?? 'websocket')
  reply.set('connection', 'Upgrade')
}

/** A body whose end only the connection told becomes chunks; an old client gets it by the end of its connection. */
function framingFor(framing: Framing, minor: number): Framing {
  if (framing !== 'close' && framing !== 'chunked') return framing
  return minor === 0 ? 'close' : 'chunked'
}

const encoder = new TextEncoder()
