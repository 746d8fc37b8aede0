import { readB3 } from './b3.ts'
import { readTraceparent } from './w3c.ts'

/** What a caller said about the trace that its request belongs to; ids are lower-case hex. */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId: string
  /** 16 digits; the caller's span. */
  readonly spanId: string
  /** Undefined: the decision is left to us. */
  readonly sampled: boolean | undefined
}

/** Reads a header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined

/** The trace that a request belongs to: B3 (one header, else several), else W3C; undefined when none is said or what is said is malformed. */
export function readTrace(header: HeaderReader): TraceContext | undefined {
  return readB3(header) ?? readTraceparent(header('traceparent'))
}
