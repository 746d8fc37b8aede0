import { H1_LIMITS, MAX_INTERIM_REPLIES, type H1Limits } from '../limits.ts'
import { Body } from './body.ts'
import { DATA, DONE } from './chunked-body.ts'
import { BAD, MORE } from './field-lines.ts'
import { h1Error, type H1Error, type H1ErrorCode } from './h1-error.ts'
import type { MessageHead } from './message-head.ts'
import { ReplyHead } from './reply-head.ts'
import { RequestHead } from './request-head.ts'

/**
 * What a step found:
 * - `more`: all bytes were taken, nothing is complete;
 * - `head`: `head` is complete (a 1xx reply head too: another head follows it);
 * - `body`: `chunk` from `bodyStart` to `bodyEnd` is payload;
 * - `end`: the message is complete; the next step begins another one;
 * - `raw`: HTTP ended here (CONNECT, 101): bytes from `at` on belong to something else, and no step takes them;
 * - `bad`: `error` tells why; the parser takes nothing more.
 */
export type Step = 'more' | 'head' | 'body' | 'end' | 'raw' | 'bad'

/**
 * Reads messages from the bytes of one direction of a connection, step by step:
 *
 *     let at = 0
 *     for (;;) {
 *       const step = parser.step(chunk, at)
 *       at = parser.at
 *       if (step === 'more' || ...) break
 *     }
 *
 * Call it until it answers `more`, also with an empty rest: a message without a body ends in a step of its own.
 * Stop after `end` to leave pipelined bytes where they are. Chunks may be reused after each step.
 */
abstract class MessageParser<Head extends MessageHead> {
  /** Valid from `head` until the step behind `end`. */
  readonly head: Head
  /** Position behind the last step. */
  at = 0
  bodyStart = 0
  bodyEnd = 0
  error: H1Error | undefined
  protected readonly body: Body
  #phase: 'rest' | 'head' | 'body' | 'raw' | 'bad' = 'rest'

  constructor(head: Head, limits: H1Limits) {
    this.head = head
    this.body = new Body(limits)
  }

  /** Between two messages: no byte of the next one was read. */
  get atRest(): boolean {
    return this.#phase === 'rest' || (this.#phase === 'head' && !this.head.begun)
  }

  /** Of the message that just ended; names in lower case. */
  get trailers(): readonly (readonly [name: string, value: string])[] {
    return this.body.trailers
  }

  step(chunk: Uint8Array, from: number, end: number = chunk.length): Step {
    this.at = from
    switch (this.#phase) {
      case 'rest':
        this.head.clear()
        this.#phase = 'head'
        return this.#readHead(chunk, from, end)
      case 'head':
        return this.#readHead(chunk, from, end)
      case 'body':
        return this.#readBody(chunk, from, end)
      default:
        return this.#phase
    }
  }

  /** The peer sent FIN: `end` when that completes the message, `bad` in the middle of one, `more` between two. */
  stepEof(): Step {
    if (this.#phase === 'raw' || this.#phase === 'bad') return this.#phase
    if (this.atRest) return 'more'
    if (this.#phase === 'body' && this.head.framing === 'close') {
      this.#phase = 'rest'
      return 'end'
    }
    return this.#fail('incomplete')
  }

  /** Whether another head follows the one just read; an error where that goes on for too long. */
  protected abstract interim(): boolean | H1ErrorCode

  #readHead(chunk: Uint8Array, from: number, end: number): Step {
    const { head } = this
    const at = head.read(chunk, from, end)
    if (at === MORE) {
      this.at = end
      return 'more'
    }
    if (at === BAD) return this.#fail(head.error ?? 'incomplete')
    this.at = at
    const interim = this.interim()
    if (typeof interim === 'string') return this.#fail(interim)
    if (interim) this.#phase = 'rest'
    else {
      this.#phase = head.framing === 'raw' ? 'raw' : 'body'
      this.body.begin(head.framing, head.contentLength)
    }
    return 'head'
  }

  #readBody(chunk: Uint8Array, from: number, end: number): Step {
    const { body } = this
    const outcome = body.read(chunk, from, end)
    if (outcome === BAD) return this.#fail(body.error ?? 'incomplete')
    this.at = body.next
    if (outcome === MORE) return 'more'
    if (outcome === DATA) {
      this.bodyStart = body.dataStart
      this.bodyEnd = body.dataEnd
      return 'body'
    }
    if (outcome === DONE) this.#phase = 'rest'
    return 'end'
  }

  #fail(code: H1ErrorCode): Step {
    this.#phase = 'bad'
    this.error = h1Error(code)
    return 'bad'
  }
}

/** Reads requests: the server's side of a connection. */
export class RequestParser extends MessageParser<RequestHead> {
  constructor(limits: H1Limits = H1_LIMITS) {
    super(new RequestHead(limits), limits)
  }

  protected interim(): boolean {
    return false
  }
}

/** Reads replies: the client's side of a connection. Say `expect` before each one. */
export class ReplyParser extends MessageParser<ReplyHead> {
  #interims = 0

  constructor(limits: H1Limits = H1_LIMITS) {
    super(new ReplyHead(limits), limits)
  }

  /** The method of the request that the next reply answers. */
  expect(method: string): void {
    this.head.requestMethod = method
    this.#interims = 0
  }

  protected interim(): boolean | H1ErrorCode {
    if (!this.head.interim) return false
    return ++this.#interims > MAX_INTERIM_REPLIES ? 'too-many-interim-replies' : true
  }
}
