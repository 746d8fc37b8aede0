import type { CertFiles } from '../pki.ts'

/** What one run of a client saw. */
export interface Load {
  readonly requests: number
  /** Socket errors, timeouts and replies other than 2xx and 3xx: any of them voids the run. */
  readonly errors: number
  readonly seconds: number
}

/** Where a client knocks, and for how long. */
export interface LoadRun {
  readonly port: number
  readonly host: string
  readonly seconds: number
  /** For files of the client. */
  readonly dir: string
  /** The client's own certificate, where it needs one. */
  readonly tls: CertFiles | undefined
}
