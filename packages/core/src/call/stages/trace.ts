import { readB3Decision, writeB3 } from '../../trace/b3.ts'
import { readTrace } from '../../trace/context.ts'
import { writeTraceparent } from '../../trace/w3c.ts'
import type { Call } from '../call.ts'
import type { TraceIds } from '../record.ts'
import { CONTINUE, type Stage } from '../stage.ts'

/** Makes the span of this hop: a child of the caller's, or the first of a new trace that is sampled by chance. */
export function traceStage(samplePartsPerMillion: number): Stage {
  return {
    name: 'trace',
    onHead(call) {
      const ids = nextSpan(call, samplePartsPerMillion)
      call.trace = ids
      inject(call, ids)
      return CONTINUE
    },
  }
}

function nextSpan({ env, request }: Call, ppm: number): TraceIds {
  const read = (name: string): string | undefined => request.header(name)
  const caller = readTrace(read)
  const decided = caller === undefined ? readB3Decision(read) : caller.sampled
  const sampled = decided ?? env.chance() * 1_000_000 < ppm
  const spanId = env.randomHex(8)
  if (caller !== undefined) return { traceId: caller.traceId, spanId, parentSpanId: caller.spanId, sampled }
  return { traceId: env.randomHex(16), spanId, parentSpanId: undefined, sampled }
}

/** Both forms, so that applications of either kind carry the trace on; `tracestate` passes through. */
function inject({ request }: Call, ids: TraceIds): void {
  request.set('traceparent', writeTraceparent(ids))
  request.set('x-b3-traceid', ids.traceId)
  request.set('x-b3-spanid', ids.spanId)
  if (ids.parentSpanId === undefined) request.remove('x-b3-parentspanid')
  else request.set('x-b3-parentspanid', ids.parentSpanId)
  request.set('x-b3-sampled', ids.sampled ? '1' : '0')
  if (request.header('b3') !== undefined) request.set('b3', writeB3(ids))
}
