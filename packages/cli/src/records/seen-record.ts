import { z } from '@mesh/core/schema'
import type { RunningWorkload } from '../up/run-file.ts'

const Place = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  column: z.number().exactOptional(),
  field: z.string().exactOptional(),
})

const Who = z.object({
  workload: z.string(),
  namespace: z.string(),
  app: z.string(),
  version: z.string(),
  principal: z.string().optional(),
})

const Trouble = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.string().optional(),
  cause: Place.optional(),
  id: z.string().optional(),
})

const SeenRecord = z.object({
  seq: z.number(),
  reporter: z.enum(['source', 'destination']),
  protocol: z.enum(['http', 'tcp']),
  startMs: z.number(),
  durationMs: z.number(),
  method: z.string(),
  path: z.string(),
  authority: z.string(),
  status: z.number(),
  flags: z.array(z.string()).readonly(),
  details: z.string(),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  attempts: z.number(),
  requestId: z.string().optional(),
  cluster: z.string().optional(),
  service: z.object({ host: z.string(), name: z.string(), namespace: z.string() }).optional(),
  upstreamRemote: z.string().optional(),
  upstreamLocal: z.string().optional(),
  downstreamLocal: z.string(),
  downstreamRemote: z.string(),
  self: Who,
  peer: Who.optional(),
  trace: z.object({ traceId: z.string(), spanId: z.string(), parentSpanId: z.string().optional() }).optional(),
  snapshot: z.string(),
  routeOrigin: Place.optional(),
  madeHere: z.boolean(),
  trouble: Trouble.optional(),
})

const RecordPage = z.object({
  startedMs: z.number(),
  first: z.number(),
  oldestMs: z.number().optional(),
  next: z.number(),
  records: z.array(SeenRecord),
})

/** A call or connection as a proxy tells of it at `/records`; times are milliseconds, `startMs` Unix time. */
export type SeenRecord = z.infer<typeof SeenRecord>
export type RecordPage = z.infer<typeof RecordPage>

/** A record and the workload whose proxy made it. */
export interface Seen {
  readonly at: RunningWorkload
  readonly record: SeenRecord
}

/** Reads a page; undefined when it is none. */
export function readRecordPage(answer: unknown): RecordPage | undefined {
  return RecordPage.safeParse(answer).data
}

/** When a call was over, Unix milliseconds. */
export function endMs({ startMs, durationMs }: SeenRecord): number {
  return startMs + durationMs
}
