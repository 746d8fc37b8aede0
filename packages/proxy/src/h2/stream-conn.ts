import type { Conn, ConnError, ConnHandler, WriteOutcome } from '@mesh/io'
import type { H2Stream } from '@mesh/wire'
import { Inflow, Outflow, type Fullness, type PayloadSession } from './outflow.ts'

export interface StreamConnParts {
  readonly session: PayloadSession
  readonly stream: H2Stream
  /** The connection of the stream. */
  readonly under: Conn
  readonly below: Fullness
}

/** A stream that carries bytes instead of messages, as a connection: for tunnels, which know nothing of HTTP/2. */
export class StreamConn implements Conn {
  handler: ConnHandler = NOBODY
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  readonly tls: undefined
  readonly originalDestination: undefined
  readonly #session: PayloadSession
  readonly #stream: H2Stream
  readonly #outflow: Outflow
  readonly #inflow: Inflow
  #closing = false
  #over = false

  constructor({ session, stream, under, below }: StreamConnParts) {
    this.#session = session
    this.#stream = stream
    this.#outflow = new Outflow(session, stream, below)
    this.#inflow = new Inflow(session, stream)
    this.remoteAddress = under.remoteAddress
    this.remotePort = under.remotePort
    this.localAddress = under.localAddress
    this.localPort = under.localPort
  }

  get pendingBytes(): number {
    return this.#outflow.heldBytes
  }

  write(bytes: Uint8Array): WriteOutcome {
    if (this.#over || this.#closing || !this.#stream.localOpen) return 'closed'
    return this.#outflow.send(bytes) ? 'accepted' : 'short'
  }

  writev(pieces: readonly Uint8Array[]): WriteOutcome {
    let outcome: WriteOutcome = 'accepted'
    for (const piece of pieces) outcome = this.write(piece)
    return outcome
  }

  end(): void {
    if (this.#over) return
    this.#outflow.end([])
  }

  reset(): void {
    if (this.#over) return
    this.#over = true
    this.#session.reset(this.#stream, 'CANCEL')
  }

  /** The peer's side ends by itself, or with the connection. */
  close(): void {
    if (this.#over || this.#closing) return
    this.#closing = true
    this.#outflow.end([])
    if (this.#stream.state === 'closed') this.#closed(undefined)
  }

  pause(): void {
    this.#inflow.pause()
  }

  resume(): void {
    this.#inflow.resume()
  }

  startTls(): void {
    throw new Error('TLS within a stream is a tunnel’s own matter')
  }

  onData(lent: Uint8Array): void {
    if (!this.#over && !this.#closing) this.handler.onData(this, lent)
    this.passed(lent.length)
  }

  /** Bytes of the peer went on. */
  passed(bytes: number): void {
    this.#inflow.passed(bytes)
  }

  onEnd(): void {
    if (this.#closing) return this.#closed(undefined)
    if (!this.#over) this.handler.onEnd(this)
  }

  /** The windows opened, or the connection takes more again. */
  onWritable(): void {
    if (this.#outflow.onWritable() && !this.#over && !this.#closing) this.handler.onDrain?.(this)
  }

  /** The stream was reset, or its connection is gone. */
  onReset(): void {
    this.#closed({ phase: 'open', code: 'reset', message: 'The other side reset the stream.' })
  }

  #closed(error: ConnError | undefined): void {
    if (this.#over) return
    this.#over = true
    this.handler.onClose(this, error)
  }
}

const NOBODY: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
