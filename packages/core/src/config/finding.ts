import { FINDING_CODES, type FindingCode, type Severity } from './codes.ts'
import type { Origin } from './origin.ts'

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
  /** The page about the code, as a path in this project: `docs/findings/IST0101.md`. */
  readonly docs: string
}

/** What a finding says beside what its code says. */
export interface FindingText {
  readonly origin: Origin
  readonly message: string
  readonly fix?: string | undefined
}

/** A finding with the severity and the page of its code. */
export function findingOf(code: FindingCode, { origin, message, fix }: FindingText): Finding {
  const { severity } = FINDING_CODES[code]
  return { code, severity, origin, message, ...(fix === undefined ? {} : { fix }), docs: findingPage(code) }
}

/** Where the page about a code is, as a path in this project. */
export function findingPage(code: FindingCode): string {
  return `docs/findings/${code}.md`
}
