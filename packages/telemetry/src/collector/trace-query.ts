import { z } from '@mesh/core/schema'
import { LIMITS } from '../limits.ts'
import type { TraceQuery } from './span-store.ts'

const whole = z.coerce.number().int().min(0)

const schema = z.strictObject({
  serviceName: z.string().optional(),
  spanName: z.string().optional(),
  minDuration: whole.optional(),
  maxDuration: whole.optional(),
  endTs: whole.optional(),
  lookback: whole.optional(),
  limit: whole.max(LIMITS.tracesPerAnswer).default(10),
})

export type ReadTraceQuery = { readonly kind: 'query'; readonly query: TraceQuery } | { readonly kind: 'refused'; readonly reason: string }

/** Reads the parameters of Zipkin's `/api/v2/traces`; empty ones are as absent, unknown ones are refused. */
export function traceQuery(parameters: URLSearchParams): ReadTraceQuery {
  const given = Object.fromEntries([...parameters].filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return { kind: 'query', query: result.data }
  const [issue] = result.error.issues
  return { kind: 'refused', reason: `${issue?.path.join('.') || 'query'}: ${issue?.message ?? 'does not fit'}` }
}
