import type { ServerTls } from './tls.ts'

/**
 * One connection. Its owner sets `handler`, writes, and is told what happens, always asynchronously to its own calls.
 * Every handler method may be called with bytes that are lent: valid only until the method returns.
 */
export interface Conn {
  handler: ConnHandler
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
  /**
   * Where an accepted connection was going before the kernel's NAT sent it here (Linux `SO_ORIGINAL_DST`), to be asked while it lives;
   * undefined where nothing did, or the plug cannot tell (the portable one never can).
   */
  readonly originalDestination: { readonly address: string; readonly port: number } | undefined
  /** Undefined on plain text. */
  readonly tls: TlsSession | undefined
  /** Bytes accepted and not yet taken by the kernel. */
  readonly pendingBytes: number

  /**
   * Takes all bytes (they may be reused when it returns) and says whether to go on:
   * `accepted`, or `short`: what was taken is buffered, wait for `onDrain`. `closed`: nothing was taken.
   * A small write may be accepted and leave a little later; when the kernel does not take it then, the next one says `short`.
   */
  write(bytes: Uint8Array): WriteOutcome
  /** Several pieces as one message, so that they leave together. */
  writev(pieces: readonly Uint8Array[]): WriteOutcome
  /** Sends FIN after what is buffered; reading goes on. */
  end(): void
  /** RST, or as near to it as the plug can; nothing is called on the handler afterwards. */
  reset(): void
  /**
   * Closes both directions after flushing what is buffered; nothing but `onClose` is called afterwards.
   * A peer that stops reading is reset after a bound, so that it cannot take the rest for the end.
   */
  close(): void
  /** Stops reading until `resume`; bounded by what the plug had already read. */
  pause(): void
  resume(): void
  /**
   * What comes in large amounts may go straight to that connection for as long as both live, where the plug can do so without a copy: it tells how much
   * by `onPassed`. What comes in small ones still comes by `onData`, and in order. Answers whether the plug can; absent where it never does.
   */
  passOn?(to: Conn): boolean
  /**
   * Starts TLS as a server on a connection that has already delivered `head`: the bytes read so far, ClientHello first.
   * `onData` carries plain bytes from then on; no application byte arrives before the peer is verified.
   */
  startTls(options: ServerTls, head: Uint8Array): void
}

export type WriteOutcome = 'accepted' | 'short' | 'closed'

export interface ConnHandler {
  /** Connected; with TLS: handshake done and peer accepted. Called for `connect`, and for `startTls`. */
  onOpen?(conn: Conn): void
  onData(conn: Conn, lent: Uint8Array): void
  /** So many bytes went from here to the connection that `passOn` named, which said of them what a write says. */
  onPassed?(conn: Conn, bytes: number, outcome: WriteOutcome): void
  /** Buffered bytes went out; more may be written. It may come though no write said `short`. */
  onDrain?(conn: Conn): void
  /** The peer sent FIN; we may still write. */
  onEnd(conn: Conn): void
  /** Last call, exactly once. Without an error the connection ended in order. */
  onClose(conn: Conn, error: ConnError | undefined): void
}

/** Why a connection failed. `phase` tells what was proven: a failure in `connect` or `tls` has sent no request byte. */
export interface ConnError {
  readonly phase: 'connect' | 'tls' | 'open'
  readonly code: 'refused' | 'unreachable' | 'timeout' | 'reset' | 'tls' | 'verify' | 'exhausted' | 'other'
  /** One plain sentence. */
  readonly message: string
}

export interface TlsSession {
  /** The peer's chain, leaf first, DER; empty when it sent none. */
  readonly peerChain: readonly Uint8Array[]
  readonly alpn: string | undefined
  readonly sni: string | undefined
  readonly version: 'TLSv1.2' | 'TLSv1.3'
}
