import type {
  Conn,
  ConnectOptions,
  ConnHandler,
  Io,
  ListenOptions,
  ListenSocket,
  Timers,
  WriteOutcome,
} from '../../../packages/io/src/index.ts'

/** An upstream of the simulator: what it says to what was written to it, or nothing yet. */
export type Answer = (written: Uint8Array) => Uint8Array | undefined

/** An io port without sockets: connections are queues in this process, so that what is measured is the proxy alone. */
export class MemoryIo implements Io {
  readonly plug = 'portable'
  readonly handover = undefined
  readonly timers: Timers
  readonly resolver = { watch: () => ({ addresses: undefined, stop: () => undefined }) }
  readonly #answer: Answer
  #listening: ListenOptions | undefined
  #due: (() => void)[] = []

  constructor(timers: Timers, answer: Answer) {
    this.timers = timers
    this.#answer = answer
  }

  listen(options: ListenOptions): Promise<ListenSocket> {
    this.#listening = options
    return Promise.resolve({ descriptor: undefined, address: options.address, port: options.port, close: () => Promise.resolve() })
  }

  connect({ handler, address, port }: ConnectOptions): Conn {
    const conn = new MemoryConn(handler, { address, port }, (written) => {
      const reply = this.#answer(written)
      if (reply !== undefined) this.#due.push(() => conn.deliver(reply))
    })
    this.#due.push(() => conn.handler.onOpen?.(conn))
    return conn
  }

  tlsContext(): never {
    throw new Error('The simulator has no TLS.')
  }

  /** A client's connection; `taken` is told what the proxy writes to it. */
  accept(taken: (written: Uint8Array) => void): MemoryConn {
    const conn = new MemoryConn(NOBODY, { address: '127.0.0.1', port: 40_000 }, taken)
    const handler = this.#listening?.onConn(conn)
    if (handler === undefined) throw new Error('The proxy does not listen.')
    conn.handler = handler
    return conn
  }

  /** Does what is due, and what becomes due by that. */
  run(): void {
    while (this.#due.length > 0) {
      const due = this.#due
      this.#due = []
      for (const one of due) one()
    }
  }
}

/** One end of a connection. */
export class MemoryConn implements Conn {
  handler: ConnHandler
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress = '127.0.0.1'
  readonly localPort = 15_001
  readonly originalDestination = undefined
  readonly tls = undefined
  readonly pendingBytes = 0
  readonly #taken: (written: Uint8Array) => void

  constructor(handler: ConnHandler, remote: { readonly address: string; readonly port: number }, taken: (written: Uint8Array) => void) {
    this.handler = handler
    this.remoteAddress = remote.address
    this.remotePort = remote.port
    this.#taken = taken
  }

  /** The other end sent these bytes. */
  deliver(bytes: Uint8Array): void {
    this.handler.onData(this, bytes)
  }

  write(bytes: Uint8Array): WriteOutcome {
    this.#taken(bytes)
    return 'accepted'
  }

  writev(pieces: readonly Uint8Array[]): WriteOutcome {
    for (const piece of pieces) this.#taken(piece)
    return 'accepted'
  }

  end(): void {}
  reset(): void {}
  close(): void {}
  pause(): void {}
  resume(): void {}

  startTls(): never {
    throw new Error('The simulator has no TLS.')
  }
}

const NOBODY: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
