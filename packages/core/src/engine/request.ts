/**
 * What the engine asks of a request. The proxy implements it on its bytes, an adapter on its host's objects.
 * Strings may be made lazily and cached; nothing here may change while a decision runs.
 */
export interface RequestHead {
  readonly method: string
  /** `http` or `https`, as the caller sees it. */
  readonly scheme: string
  /** Host and port as sent, normalised: lower-case, no user info, no trailing dot. */
  readonly authority: string
  /** Path with query string, normalised, starting with `/` (or `*`). */
  readonly path: string
  /** Value of a header by its lower-case name, repeated ones joined by `,` (cookies by `; `); undefined when absent. */
  header(name: string): string | undefined
  /** The values of a header as they were sent, one by one. */
  values(name: string): readonly string[]
}

/** Facts about the connection that carries a request. */
export interface Peer {
  /** Address of the direct peer, or of whom it made the connection for where a PROXY header tells; IP literal. */
  readonly address: string
  readonly port: number
  /** Address of the direct peer where a PROXY header tells another one. */
  readonly directAddress?: string
  /** The verified SPIFFE id; undefined on plain text. Never taken from a header. */
  readonly principal?: string
  /** Server name that the client asked for. */
  readonly sni?: string
  /** Our own address and port on that connection; of a PROXY header, where its connection went to. */
  readonly localAddress: string
  readonly localPort: number
}
