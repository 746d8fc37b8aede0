import type { TraceContext } from './context.ts'

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)

/** Reads `traceparent` (W3C Trace Context §3.2); undefined when it is absent or malformed. */
export function readTraceparent(value: string | undefined): TraceContext | undefined {
  const match = value === undefined || value.length > 512 ? null : FORM.exec(value.trim())
  const [, version, traceId, spanId, flags, more] = match ?? []
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (version === 'ff' || (version === '00' && more !== undefined) || traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** Writes `traceparent`. */
export function writeTraceparent(ids: { readonly traceId: string; readonly spanId: string; readonly sampled: boolean }): string {
  return `00-${ids.traceId}-${ids.spanId}-${ids.sampled ? '01' : '00'}`
}
