/** What a workload proves itself with: X.509 SVID, its key and the roots it trusts. PEM; the key never leaves the process. */
export interface Svid {
  readonly spiffeId: string
  /** Leaf first. */
  readonly certChainPem: string
  /** PKCS #8. */
  readonly privateKeyPem: string
  readonly rootsPem: string
  /** Unix milliseconds. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly renewAtMs: number
}

/** The latest SVID of this process, renewed before it expires. */
export interface SvidSource {
  readonly current: Svid | undefined
  /** Calls back with the current one, if any, and with each new one; returns the way to stop. */
  watch(onSvid: (svid: Svid) => void): () => void
  close(): void
}
