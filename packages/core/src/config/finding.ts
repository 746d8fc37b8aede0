import type { Origin } from './origin.ts'

export type Severity = 'error' | 'warning' | 'info'

/**
 * Something to know about a configuration object.
 * An `error` quarantines its object, a `warning` says that it works otherwise than it reads,
 * an `info` that a part of it has no effect here.
 */
export interface Finding {
  /** Istio's code (`IST0101`) where one exists, else our own (`MESH0102`). */
  readonly code: string
  readonly severity: Severity
  readonly origin: Origin
  /** What is wrong, one sentence. */
  readonly message: string
  /** What to write instead, one sentence. */
  readonly fix?: string
}
