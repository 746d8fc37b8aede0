/**
 * Certificate chain (leaf first), private key and trusted roots as PEM. Compiled once, swapped whole.
 * Chain and key may both be empty: a client without an identity.
 */
export interface TlsMaterial {
  readonly certChainPem: string
  readonly privateKeyPem: string
  readonly rootsPem: string
}

/** A compiled TLS context; swapping it leaves live connections as they are. Made by `Io.tlsContext`. */
export interface TlsContext {
  readonly material: TlsMaterial
}

/**
 * Judges the peer from its verified chain (leaf first, DER): undefined accepts, a sentence refuses.
 * It runs after the chain itself was verified against the roots, before any application byte.
 */
export type PeerJudge = (chain: readonly Uint8Array[]) => string | undefined

export interface ServerTls {
  readonly context: TlsContext
  readonly alpn: readonly string[]
  readonly requireClientCert: boolean
  readonly judge: PeerJudge
  readonly handshakeTimeoutMs: number
}

export interface ClientTls {
  /** Our identity and the roots; undefined roots in `simple` mode are the system's. */
  readonly context: TlsContext | undefined
  readonly alpn: readonly string[]
  readonly sni: string
  /** `judge`: names are checked by `judge` alone (SPIFFE); `hostname`: RFC 9525 check against `sni`; `none`: nothing is verified. */
  readonly verify: 'judge' | 'hostname' | 'none'
  readonly judge?: PeerJudge
  readonly handshakeTimeoutMs: number
}

/** Chain, key and roots do not fit together, or are no PEM. */
export class TlsMaterialError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TlsMaterialError'
  }
}
