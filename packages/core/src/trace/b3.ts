import type { HeaderReader, TraceContext } from './context.ts'

const TRACE = /^(?:[0-9a-f]{32}|[0-9a-f]{16})$/
const SPAN = /^[0-9a-f]{16}$/
const ZEROS = /^0+$/

/** Reads B3: the single header `b3`, else `x-b3-*`; undefined when neither names a trace. */
export function readB3(header: HeaderReader): TraceContext | undefined {
  const single = header('b3')
  if (single !== undefined) return readSingle(single)
  const traceId = header('x-b3-traceid')
  const spanId = header('x-b3-spanid')
  if (traceId === undefined || spanId === undefined) return undefined
  return contextOf(traceId, spanId, sampledOf(header('x-b3-sampled'), header('x-b3-flags')))
}

/** The caller's decision where it named no trace (`b3: 0`, or `x-b3-sampled` alone). */
export function readB3Decision(header: HeaderReader): boolean | undefined {
  const single = header('b3')
  return single === undefined ? sampledOf(header('x-b3-sampled'), header('x-b3-flags')) : decisionOf(single)
}

/** Writes the single header. */
export function writeB3(ids: {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly sampled: boolean
}): string {
  const parent = ids.parentSpanId === undefined ? '' : `-${ids.parentSpanId}`
  return `${ids.traceId}-${ids.spanId}-${ids.sampled ? '1' : '0'}${parent}`
}

function readSingle(value: string): TraceContext | undefined {
  if (value.length > 128) return undefined
  const [traceId = '', spanId = '', decision = ''] = value.trim().split('-')
  return contextOf(traceId, spanId, decisionOf(decision))
}

function contextOf(trace: string, span: string, sampled: boolean | undefined): TraceContext | undefined {
  const traceId = trace.toLowerCase()
  const spanId = span.toLowerCase()
  if (!TRACE.test(traceId) || !SPAN.test(spanId) || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return { traceId: traceId.padStart(32, '0'), spanId, sampled }
}

function sampledOf(sampled: string | undefined, flags: string | undefined): boolean | undefined {
  return flags === '1' ? true : sampled === undefined ? undefined : decisionOf(sampled)
}

function decisionOf(value: string): boolean | undefined {
  if (value === '1' || value === 'd' || value === 'true') return true
  return value === '0' || value === 'false' ? false : undefined
}
