import { endMs, type Seen, type SeenRecord } from '../records/seen-record.ts'

/**
 * A place that a request came to. `came` is the record of the proxy there; at the beginning, of a gateway or of a caller
 * in the mesh, it is the record of what was sent on. `sent` is the record of the proxy that called the place.
 */
export interface CallNode {
  readonly sent: Seen | undefined
  readonly came: Seen | undefined
  /** How often it was tried, as far as it is remembered there. */
  readonly tries: readonly Seen[]
  readonly children: readonly CallNode[]
}

/** Joins what the proxies remember into the ways that requests took: by spans where there are some, else by connection and time. */
export function joinCalls(all: readonly Seen[]): readonly CallNode[] {
  const sources = byTime(all.filter(({ record }) => record.reporter === 'source'))
  const arrivals = byTime(all.filter(({ record }) => record.reporter === 'destination'))
  const callOf = new Map(arrivals.map((arrival) => [arrival, sources.find((source) => isSameCall(source.record, arrival.record))]))
  const placeOf = new Map(sources.map((source) => [source, placeIn(arrivals, source)]))
  const sentFrom = (place: Seen): CallNode[] => sources.filter((source) => placeOf.get(source) === place).map(nodeOf)
  const nodeOf = (source: Seen): CallNode => {
    const tries = arrivals.filter((arrival) => callOf.get(arrival) === source)
    return { sent: source, came: tries.at(-1), tries, children: tries.flatMap(sentFrom) }
  }
  const begun = sources.filter((source) => placeOf.get(source) === undefined)
  const unasked = arrivals.filter((arrival) => callOf.get(arrival) === undefined)
  return [
    ...begun.map((source): CallNode => ({ sent: undefined, came: source, tries: [], children: wentOn(source) ? [nodeOf(source)] : [] })),
    ...unasked.map((arrival): CallNode => ({ sent: undefined, came: arrival, tries: [arrival], children: sentFrom(arrival) })),
  ]
}

/** Every record of a node and of what follows. */
export function recordsOf({ sent, came, tries, children }: CallNode): readonly SeenRecord[] {
  const own = new Set([sent, came, ...tries].flatMap((seen) => seen?.record ?? []))
  return [...own, ...children.flatMap(recordsOf)]
}

/** A destination was chosen. */
function wentOn({ record }: Seen): boolean {
  return record.cluster !== undefined || record.attempts > 0
}

function byTime(seen: readonly Seen[]): readonly Seen[] {
  return seen.toSorted((a, b) => a.record.startMs - b.record.startMs || a.record.seq - b.record.seq)
}

/** The same call, seen from both ends. */
function isSameCall(source: SeenRecord, arrival: SeenRecord): boolean {
  if (source.trace !== undefined && arrival.trace !== undefined) return arrival.trace.parentSpanId === source.trace.spanId
  const connected = source.upstreamRemote === arrival.downstreamLocal && source.upstreamLocal === arrival.downstreamRemote
  return connected && source.requestId === arrival.requestId && overlaps(source, arrival)
}

/** Where the application was that sent it: it answered something that had arrived. */
function placeIn(arrivals: readonly Seen[], source: Seen): Seen | undefined {
  const there = arrivals.filter(({ at }) => at.name === source.at.name && at.namespace === source.at.namespace)
  const parent = source.record.trace?.parentSpanId
  const bySpan = parent === undefined ? undefined : there.find(({ record }) => record.trace?.spanId === parent)
  return bySpan ?? there.findLast(({ record }) => isOneRequest(record, source.record) && overlaps(record, source.record))
}

function isOneRequest(a: SeenRecord, b: SeenRecord): boolean {
  return a.requestId === b.requestId || (a.trace !== undefined && a.trace.traceId === b.trace?.traceId)
}

function overlaps(a: SeenRecord, b: SeenRecord): boolean {
  return a.startMs <= endMs(b) + SLACK_MS && b.startMs <= endMs(a) + SLACK_MS
}

/** Wall clocks of several processes of one machine. */
const SLACK_MS = 2
