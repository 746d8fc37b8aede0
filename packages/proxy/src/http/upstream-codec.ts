import { cutHopByHop, ReplyParser, writeRequestHead, type Framing, type RequestHead } from '@mesh/wire'
import type { Conn, WriteOutcome } from '@mesh/io'
import { NO_BYTES } from '../listen/bytes.ts'
import type { LaneEvents } from '../pool/lane.ts'
import { endBody, sendBody } from './body-writer.ts'
import { OUTBOX, type Sender } from './outbox.ts'
import { addKey } from './web-socket.ts'
import { WIRE_LIMITS } from './wire-limits.ts'

/** HTTP/1.1 on one upstream connection, one call after another. */
export class UpstreamCodec implements Sender {
  /** What the upstream sent behind a 101. */
  rest: Uint8Array = NO_BYTES
  readonly #conn: Conn
  readonly #parser = new ReplyParser(WIRE_LIMITS)
  #framing: Framing = 'none'
  #events: LaneEvents | undefined
  #keepAlive = true
  /** How long the server keeps an idle connection, less a margin for the way there. */
  keepMs = Infinity
  #heads = 0

  constructor(conn: Conn) {
    this.#conn = conn
  }

  /** Whether another call may follow: the reply was complete, let the connection live, and nothing stands behind it. */
  get reusable(): boolean {
    return this.#keepAlive && this.#parser.atRest
  }

  /** Puts a request together; it leaves with the next flush of the outbox. */
  begin(request: RequestHead, kept: readonly Uint8Array[], events: LaneEvents): void {
    this.#events = events
    this.#framing = request.framing
    this.#parser.expect(request.method)
    addKey(request)
    writeRequestHead(OUTBOX.for(this), request, this.#framing)
    for (const bytes of kept) this.body(bytes)
  }

  body(lent: Uint8Array): void {
    this.#told(sendBody({ conn: this.#conn, sender: this, framing: this.#framing }, lent))
  }

  /** The body is complete. */
  end(): void {
    endBody({ sender: this, framing: this.#framing })
  }

  send(written: Uint8Array): void {
    this.#told(this.#conn.write(written))
  }

  read(lent: Uint8Array): void {
    let at = 0
    for (;;) {
      const step = this.#parser.step(lent, at)
      at = this.#parser.at
      const events = this.#events
      if (events === undefined || step === 'more') break
      if (step === 'body') events.onBody(lent.subarray(this.#parser.bodyStart, this.#parser.bodyEnd))
      else if (step === 'head') this.#head(events, lent, at)
      else {
        this.#over(step, events, at < lent.length)
        break
      }
    }
    OUTBOX.flush()
  }

  /** The upstream sent FIN: that may be the end of the reply. */
  readEnd(): void {
    const events = this.#events
    if (events === undefined) return
    const step = this.#parser.stepEof()
    if (step === 'end') this.#over('end', events, false)
    else if (step === 'bad') this.#over('bad', events, false)
    OUTBOX.flush()
  }

  #head(events: LaneEvents, lent: Uint8Array, at: number): void {
    const { head } = this.#parser
    this.#keepAlive = head.keepAlive
    if (this.#heads++ === 0) this.keepMs = keptFor(head.header('keep-alive'))
    if (head.status === 101) this.rest = lent.slice(at)
    else cutHopByHop(head)
    events.onHead(head)
  }

  #over(step: 'end' | 'raw' | 'bad', events: LaneEvents, more: boolean): void {
    this.#events = undefined
    if (more || step !== 'end') this.#keepAlive = false
    if (step === 'end') events.onEnd(this.#parser.trailers)
    else if (step === 'bad') this.#broken(events)
  }

  #broken(events: LaneEvents): void {
    const code = this.#parser.error?.code ?? 'incomplete'
    if (code === 'incomplete') events.onLost(undefined, 'closed')
    else events.onMalformed(code)
  }

  #told(outcome: WriteOutcome): void {
    if (outcome === 'short') this.#events?.onShort()
  }
}

/** Reads `timeout=5` of a Keep-Alive header; a server that says nothing keeps its connections. */
function keptFor(keepAlive: string | undefined): number {
  const seconds = keepAlive === undefined ? undefined : /(?:^|[,\s])timeout=(\d{1,6})/i.exec(keepAlive)?.[1]
  return seconds === undefined ? Infinity : Math.max(0, Number(seconds) * 1000 - KEEP_MARGIN_MS)
}

const KEEP_MARGIN_MS = 500
