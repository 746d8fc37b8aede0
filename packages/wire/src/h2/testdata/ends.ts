import type { Socket } from 'node:net'
import { Output } from '../../h1/output.ts'
import type { ReplyHead } from '../../h1/reply-head.ts'
import { RequestHead } from '../../h1/request-head.ts'
import { H1_LIMITS, H2_LIMITS, type H2Limits } from '../../limits.ts'
import { H2ClientSession } from '../client-session.ts'
import type { H2Fault } from '../protocol.ts'
import { H2ServerSession } from '../server-session.ts'
import type { H2Events } from '../session-events.ts'
import type { H2Session } from '../session.ts'
import type { H2Stream } from '../stream.ts'

/** One end of a connection, with what it was told in words. */
export abstract class End<Head extends RequestHead | ReplyHead> implements H2Events<Head> {
  readonly told: string[] = []
  readonly out = new Output()
  readonly bodies = new Map<number, string>()
  abstract readonly session: H2Session<Head>
  /** What could not be sent yet, by stream. */
  readonly #unsent = new Map<H2Stream<Head>, { bytes: Uint8Array; end: boolean }>()

  onHead(stream: H2Stream<Head>): void {
    this.told.push(`${stream.id} ${describe(stream.head)}`)
  }

  onData(stream: H2Stream<Head>, lent: Uint8Array): void {
    this.bodies.set(stream.id, (this.bodies.get(stream.id) ?? '') + Buffer.from(lent).toString('latin1'))
    lent.fill(0)
    this.session.consumed(stream, lent.length)
  }

  onEnd(stream: H2Stream<Head>): void {
    this.told.push(`${stream.id} end${stream.trailers.map(([name, value]) => ` ${name}=${value}`).join('')}`)
  }

  onReset(stream: H2Stream<Head>, code: string, fault: H2Fault | undefined): void {
    this.told.push(`${stream.id} reset ${code}${fault === undefined ? '' : ` (${fault.message})`}`)
  }

  onWritable(stream: H2Stream<Head>): void {
    const left = this.#unsent.get(stream)
    if (left === undefined) return
    this.#unsent.delete(stream)
    this.send(stream, left.bytes, left.end)
  }

  onGoaway(code: string): void {
    this.told.push(`goaway ${code}`)
  }

  onSettings(): void {}

  onRefused(fault: H2Fault): void {
    this.told.push(`refused ${fault.code}`)
  }

  send(stream: H2Stream<Head>, bytes: Uint8Array, end: boolean): void {
    const taken = this.session.sendData(stream, bytes, end)
    if (taken < bytes.length) this.#unsent.set(stream, { bytes: bytes.slice(taken), end })
  }

  take(): Uint8Array {
    const bytes = this.out.written.slice()
    this.out.clear()
    return bytes
  }
}

export class Server extends End<RequestHead> {
  readonly session: H2ServerSession
  /** Answers each request when it is complete. */
  answer: (stream: H2Stream<RequestHead>) => void = () => undefined

  constructor(limits: Partial<H2Limits> = {}) {
    super()
    this.session = new H2ServerSession({ events: this, output: () => this.out, limits: { ...H2_LIMITS, ...limits }, nowMs: 0 })
  }

  override onEnd(stream: H2Stream<RequestHead>): void {
    super.onEnd(stream)
    this.answer(stream)
  }
}

export class Client extends End<ReplyHead> {
  readonly session: H2ClientSession

  constructor(limits: Partial<H2Limits> = {}) {
    super()
    this.session = new H2ClientSession({ events: this, output: () => this.out, limits: { ...H2_LIMITS, ...limits }, nowMs: 0 })
  }

  request(
    text: string,
    options: { readonly body?: string; readonly trailers?: boolean; readonly protocol?: string } = {},
  ): H2Stream<ReplyHead> {
    const { body, ...rest } = options
    const stream = this.session.request(requestHead(text), { scheme: 'http', trailers: false, endStream: body === undefined, ...rest })
    if (body !== undefined) this.send(stream, Buffer.from(body, 'latin1'), true)
    return stream
  }
}

/** The head of a request, written as in HTTP/1.1 without line ends. */
export function requestHead(text: string): RequestHead {
  const bytes = Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n\r\n`, 'latin1')
  const head = new RequestHead(H1_LIMITS)
  if (head.read(bytes, 0, bytes.length) !== bytes.length) throw new Error(`${text} is no head: ${head.error}`)
  return head
}

/** Carries bytes between two ends, `step` bytes at a time, until neither has more to say. */
export function exchange(left: End<never> | Client | Server, right: End<never> | Client | Server, step = Infinity): void {
  for (let moved = true; moved;) {
    moved = false
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      const bytes = from.take()
      for (let at = 0; at < bytes.length; at += step) to.session.read(bytes.subarray(at, at + step), 0)
      moved ||= bytes.length > 0
    }
  }
}

/** Puts an end on a real socket. */
export function attach(socket: Socket, end: Client | Server): void {
  const flush = (): void => void (end.out.length > 0 && socket.writable && socket.write(end.take()))
  socket.on('data', (piece: Buffer) => {
    const goesOn = end.session.read(piece, performance.now())
    flush()
    if (!goesOn) socket.end()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => end.session.lost())
  flush()
}

function describe(head: RequestHead | ReplyHead): string {
  const start = head instanceof RequestHead ? `${head.method} ${head.authority}${head.path} ${head.version}` : String(head.status)
  const headers = head.headers().filter(([name]) => name !== 'host')
  return [`${start} (${head.framing})`, ...headers.map(([name, value]) => `${name}: ${value}`)].join(' | ')
}
