import type { Conn, ConnError, ConnHandler, Io, Timer, WriteOutcome } from '@mesh/io'

/** Bytes between two connections, both ways, with half-close, until both ends are done. */
export interface Relay {
  /** From the first to the second connection, as written. */
  readonly bytesForward: number
  readonly bytesBack: number
  /** The client's FIN came before the relay began. */
  clientEnded(): void
  /** Ends both at once. */
  abort(): void
  /** They lived as long as they may: ends both, in order. */
  expire(): void
}

export interface RelayOptions {
  readonly io: Io
  readonly client: Conn
  readonly server: Conn
  /** 0: none. */
  readonly idleMs: number
  /** One side may end and still listen; else one FIN ends both. */
  readonly halfClose: boolean
  /** Already counted or to be counted before the first byte that flows. */
  readonly bytesForward?: number
  readonly bytesBack?: number
  /** Once; `failed` names the end that broke, if one did. */
  readonly onDone: (end: RelayEnd) => void
}

export interface RelayEnd {
  readonly kind: 'ended' | 'idle' | 'expired' | 'aborted' | 'client-failed' | 'server-failed'
  readonly error: ConnError | undefined
}

/** Takes over the handlers of both connections. */
export function startRelay(options: RelayOptions): Relay {
  return new RelayState(options)
}

class RelayState implements Relay {
  bytesForward: number
  bytesBack: number
  readonly #options: RelayOptions
  #clientEnded = false
  #serverEnded = false
  #done = false
  #timer: Timer | undefined
  #lastMs: number

  constructor(options: RelayOptions) {
    this.#options = options
    this.bytesForward = options.bytesForward ?? 0
    this.bytesBack = options.bytesBack ?? 0
    this.#lastMs = options.io.timers.now()
    options.client.handler = this.#side('client')
    options.server.handler = this.#side('server')
    options.client.passOn?.(options.server)
    options.server.passOn?.(options.client)
    if (options.idleMs > 0) this.#armIdle(options.idleMs)
  }

  clientEnded(): void {
    this.#clientEnded = true
    this.#options.server.end()
    if (this.#serverEnded || !this.#options.halfClose) this.#finish('ended', undefined)
  }

  abort(): void {
    this.#finish('aborted', undefined)
  }

  expire(): void {
    this.#finish('expired', undefined)
  }

  #side(which: 'client' | 'server'): ConnHandler {
    const other = (): Conn => (which === 'client' ? this.#options.server : this.#options.client)
    return {
      onData: (conn, lent) => {
        const outcome = other().write(lent)
        this.#flowed(which, conn, lent.length, outcome)
      },
      onPassed: (conn, bytes, outcome) => this.#flowed(which, conn, bytes, outcome),
      onDrain: () => other().resume(),
      onEnd: () => {
        if (which === 'client') return this.clientEnded()
        this.#serverEnded = true
        other().end()
        if (this.#clientEnded || !this.#options.halfClose) this.#finish('ended', undefined)
      },
      onClose: (_conn, error) => this.#finish(error === undefined ? 'ended' : `${which}-failed`, error),
    }
  }

  #flowed(from: 'client' | 'server', conn: Conn, bytes: number, outcome: WriteOutcome): void {
    this.#lastMs = this.#options.io.timers.now()
    if (from === 'client') this.bytesForward += bytes
    else this.bytesBack += bytes
    if (outcome === 'short') conn.pause()
  }

  #finish(kind: RelayEnd['kind'], error: ConnError | undefined): void {
    if (this.#done) return
    this.#done = true
    this.#timer?.cancel()
    const { client, server, onDone } = this.#options
    client.handler = SILENT
    server.handler = SILENT
    for (const conn of [client, server]) {
      if (IN_ORDER.has(kind)) conn.close()
      else conn.reset()
    }
    onDone({ kind, error })
  }

  #armIdle(idleMs: number): void {
    const idleFor = this.#options.io.timers.now() - this.#lastMs
    this.#timer = this.#options.io.timers.arm(Math.max(1, idleMs - idleFor), () => {
      if (this.#options.io.timers.now() - this.#lastMs >= idleMs) this.#finish('idle', undefined)
      else this.#armIdle(idleMs)
    })
  }
}

const IN_ORDER: ReadonlySet<RelayEnd['kind']> = new Set(['ended', 'idle', 'expired'])

/** For a connection that nobody listens to any more. */
export const SILENT: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
