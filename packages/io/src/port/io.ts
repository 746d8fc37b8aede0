import type { Conn, ConnHandler } from './conn.ts'
import type { Resolver } from './dns.ts'
import type { ClientTls, TlsContext, TlsMaterial } from './tls.ts'
import type { Timers } from './timers.ts'

/** Sockets, TLS, DNS and time: all that the data plane asks of the machine. */
export interface Io {
  readonly plug: 'portable' | 'fast'
  readonly timers: Timers
  readonly resolver: Resolver
  /** Resolves when bound; rejects with a `ListenError`. `port` 0 takes a free one. */
  listen(options: ListenOptions): Promise<ListenSocket>
  connect(options: ConnectOptions): Conn
  /** Throws a `TlsMaterialError` when chain, key and roots do not fit. */
  tlsContext(material: TlsMaterial): TlsContext
}

export interface ListenOptions {
  readonly address: string
  readonly port: number
  /** The handler of a new connection; undefined refuses it. */
  readonly onConn: (conn: Conn) => ConnHandler | undefined
  /** More open connections than this are closed at once. */
  readonly maxConnections: number
  readonly onRefused?: () => void
}

export interface ListenSocket {
  readonly address: string
  readonly port: number
  /** Stops accepting; open connections live on. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** IP literal; names go through `resolver` first. */
  readonly address: string
  readonly port: number
  /** Source address to bind to. */
  readonly localAddress?: string
  readonly timeoutMs: number
  readonly tls?: ClientTls
  readonly handler: ConnHandler
}

/** A socket could not be bound. The message is a sentence that names address and port. */
export class ListenError extends Error {
  readonly code: 'in-use' | 'denied' | 'no-address' | 'exhausted' | 'other'

  constructor(code: ListenError['code'], message: string) {
    super(message)
    this.name = 'ListenError'
    this.code = code
  }
}
