import { z } from '@mesh/core/schema'
import { LIMITS } from '../limits.ts'

const traceId = z.string().regex(/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/, 'write 16 or 32 lower-case hexadecimal digits')
const spanId = z.string().regex(/^[0-9a-f]{16}$/, 'write 16 lower-case hexadecimal digits')
const text = z.string().max(LIMITS.spanTagLength * 8)
const micros = z.number().int().min(0)

const endpoint = z.object({
  serviceName: text.optional(),
  ipv4: text.optional(),
  ipv6: text.optional(),
  port: z.number().int().min(0).max(65535).optional(),
})

const span = z.object({
  traceId,
  id: spanId,
  parentId: spanId.nullish().transform((id) => id ?? undefined),
  kind: z.enum(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']).optional(),
  name: text.optional(),
  timestamp: micros.optional(),
  duration: micros.optional(),
  localEndpoint: endpoint.optional(),
  remoteEndpoint: endpoint.optional(),
  annotations: z
    .array(z.object({ timestamp: micros, value: text }))
    .max(1000)
    .optional(),
  tags: z.record(z.string(), text).optional(),
  debug: z.boolean().optional(),
  shared: z.boolean().optional(),
})

/** A span as it came, cut down to what Zipkin's API version 2 knows. */
export type StoredSpan = z.output<typeof span>

const list = z.array(span).max(LIMITS.spansPerPost)

export type ReadSpans =
  | { readonly kind: 'spans'; readonly spans: readonly StoredSpan[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads a list of spans (Zipkin v2 JSON); one that does not fit refuses the list, with its place. */
export function readSpans(json: string): ReadSpans {
  try {
    const result = list.safeParse(JSON.parse(json))
    if (result.success) return { kind: 'spans', spans: result.data }
    const [issue] = result.error.issues
    return { kind: 'refused', reason: `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'does not fit'}` }
  } catch {
    return { kind: 'refused', reason: 'the body is not JSON' }
  }
}
