import type { ResponseFlag } from './response-flag.ts'

/** Whose fault: the caller's, the upstream's, this process's, or the configuration's. */
export type Fault = 'caller' | 'upstream' | 'local' | 'config'

export interface MeshErrorInit {
  /** Response code details in Envoy's vocabulary: `no_healthy_upstream`, `route_not_found`. */
  readonly code: string
  readonly fault: Fault
  readonly flag?: ResponseFlag
  /** Whether the request was provably not processed, so that trying again is safe. */
  readonly retry: boolean
  readonly message: string
  readonly cause?: unknown
}

/** An error that says whose fault it is, whether to retry, and why. */
export class MeshError extends Error {
  readonly code: string
  readonly fault: Fault
  readonly flag: ResponseFlag | undefined
  readonly retry: boolean

  constructor(init: MeshErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'MeshError'
    this.code = init.code
    this.fault = init.fault
    this.flag = init.flag
    this.retry = init.retry
  }
}
