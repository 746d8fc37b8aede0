import type { Conn, ConnHandler } from './conn.ts'
import type { Resolver } from './dns.ts'
import type { Handover } from './handover.ts'
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
  /** A listening socket of another thread of this process takes no connection from now on; absent where the plug cannot. */
  readonly stopListening?: (descriptor: number) => void
  /** Passing listening sockets from one process to its successor; undefined where the plug cannot. */
  readonly handover: Handover | undefined
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
  /** Descriptor of a socket that listens already, taken over from a predecessor: nothing is bound, address and port are its own. */
  readonly inherited?: number
  /**
   * Others of this user may listen at the same place in the same way: the kernel deals connections out among them (`SO_REUSEPORT`).
   * Rejected where the system cannot.
   */
  readonly reusePort?: boolean
  /**
   * Takes connections to any address that the kernel diverts here as they are (`TPROXY`); each tells where it was going (`originalDestination`).
   * Needs CAP_NET_ADMIN (`IP_TRANSPARENT`); rejected where the system or the plug cannot.
   */
  readonly transparent?: boolean
}

export interface ListenSocket {
  /** What a successor can take over; undefined where the plug cannot hand it on. */
  readonly descriptor: number | undefined
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
  /** Probes of the kernel while the connection is quiet (`SO_KEEPALIVE`); absent: none. */
  readonly keepAlive?: TcpKeepAlive
  readonly tls?: ClientTls
  readonly handler: ConnHandler
}

/** `tcp(7)`; what is absent is as the system has it, in the portable plug as Linux has it unless told otherwise. */
export interface TcpKeepAlive {
  /** Unanswered ones until the connection is lost (`TCP_KEEPCNT`). */
  readonly probes?: number
  /** Of silence, before the first one (`TCP_KEEPIDLE`). */
  readonly timeSeconds?: number
  /** Between two of them (`TCP_KEEPINTVL`). */
  readonly intervalSeconds?: number
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
