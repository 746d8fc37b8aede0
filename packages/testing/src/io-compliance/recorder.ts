import type { Conn, ConnError, ConnHandler, WriteOutcome } from '@mesh/io'

/** What happened on a connection, in the order in which it did. */
export type Happening = 'open' | 'data' | 'passed' | 'drain' | 'end' | 'close'

export interface RecorderHooks {
  readonly onOpen?: (conn: Conn) => void
  readonly onData?: (conn: Conn, lent: Uint8Array) => void
  readonly onPassed?: (conn: Conn, bytes: number, outcome: WriteOutcome) => void
  readonly onDrain?: (conn: Conn) => void
  readonly onEnd?: (conn: Conn) => void
  readonly onClose?: (conn: Conn) => void
}

/** A handler that writes down what it is told, copies what it is lent, and lets a test wait for facts. */
export class Recorder implements ConnHandler {
  readonly happened: Happening[] = []
  conn: Conn | undefined
  error: ConnError | undefined
  closes = 0
  bytes = 0
  readonly #chunks: Uint8Array[] = []
  readonly #hooks: RecorderHooks
  readonly #waiting = new Set<() => void>()

  constructor(hooks: RecorderHooks = {}) {
    this.#hooks = hooks
  }

  get text(): string {
    return this.received.toString('latin1')
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get closed(): boolean {
    return this.closes > 0
  }

  /** Resolves when the condition holds; asked after everything that happens. */
  until(holds: (recorder: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this)) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  onOpen(conn: Conn): void {
    this.#note('open', conn, () => this.#hooks.onOpen?.(conn))
  }

  onData(conn: Conn, lent: Uint8Array): void {
    this.#chunks.push(lent.slice())
    this.bytes += lent.length
    this.#note('data', conn, () => this.#hooks.onData?.(conn, lent))
  }

  onPassed(conn: Conn, bytes: number, outcome: WriteOutcome): void {
    this.#note('passed', conn, () => this.#hooks.onPassed?.(conn, bytes, outcome))
  }

  onDrain(conn: Conn): void {
    this.#note('drain', conn, () => this.#hooks.onDrain?.(conn))
  }

  onEnd(conn: Conn): void {
    this.#note('end', conn, () => this.#hooks.onEnd?.(conn))
  }

  onClose(conn: Conn, error: ConnError | undefined): void {
    this.closes++
    this.error = error
    this.#note('close', conn, () => this.#hooks.onClose?.(conn))
  }

  #note(what: Happening, conn: Conn, hook: () => void): void {
    this.conn = conn
    if (this.happened.at(-1) !== what) this.happened.push(what)
    try {
      hook()
    } finally {
      for (const look of [...this.#waiting]) look()
    }
  }
}
