import { LIMITS } from '../limits.ts'
import type { StoredSpan } from './read-spans.ts'

export interface TraceQuery {
  readonly serviceName?: string | undefined
  readonly spanName?: string | undefined
  /** Microseconds. */
  readonly minDuration?: number | undefined
  readonly maxDuration?: number | undefined
  /** Unix milliseconds. */
  readonly endTs?: number | undefined
  /** Milliseconds before `endTs`. */
  readonly lookback?: number | undefined
  readonly limit: number
}

type Trace = StoredSpan[]

/** The latest spans by trace, in memory and bounded; the trace that was quiet longest goes first. */
export class SpanStore {
  readonly #traces = new Map<string, Trace>()
  readonly #limits: StoreLimits
  #spans = 0
  #evicted = 0

  constructor(limits: StoreLimits = { spans: LIMITS.collectorSpans, traces: LIMITS.collectorTraces, perTrace: LIMITS.spansPerTrace }) {
    this.#limits = limits
  }

  get counts(): { readonly spans: number; readonly traces: number; readonly evicted: number } {
    return { spans: this.#spans, traces: this.#traces.size, evicted: this.#evicted }
  }

  add(spans: readonly StoredSpan[]): void {
    for (const span of spans) this.#addOne(span)
  }

  /** All spans of a trace in the order of their start; ids of 16 digits name the same trace as with zeros before them. */
  trace(traceId: string): readonly StoredSpan[] | undefined {
    return this.#traces.get(keyOf(traceId))?.toSorted(byStart)
  }

  /** Matching traces, latest first. */
  find(query: TraceQuery): readonly (readonly StoredSpan[])[] {
    const found: (readonly StoredSpan[])[] = []
    for (const trace of [...this.#traces.values()].toReversed()) {
      if (found.length >= query.limit) break
      if (matches(trace, query)) found.push(trace.toSorted(byStart))
    }
    return found
  }

  serviceNames(): readonly string[] {
    const names = new Set<string>()
    for (const trace of this.#traces.values()) {
      for (const span of trace) {
        const name = serviceOf(span)
        if (name !== undefined) names.add(name)
      }
    }
    return [...names].toSorted()
  }

  #addOne(span: StoredSpan): void {
    const key = keyOf(span.traceId)
    const trace = this.#traces.get(key) ?? []
    if (trace.length >= this.#limits.perTrace) {
      this.#evicted++
      return
    }
    trace.push(span)
    this.#spans++
    this.#traces.delete(key)
    this.#traces.set(key, trace)
    while (this.#spans > this.#limits.spans || this.#traces.size > this.#limits.traces) this.#evictOldest()
  }

  #evictOldest(): void {
    const [oldest] = this.#traces
    if (oldest === undefined) return
    this.#traces.delete(oldest[0])
    this.#spans -= oldest[1].length
    this.#evicted += oldest[1].length
  }
}

export interface StoreLimits {
  readonly spans: number
  readonly traces: number
  readonly perTrace: number
}

function matches(trace: Trace, query: TraceQuery): boolean {
  const { serviceName, spanName, minDuration, maxDuration, endTs, lookback } = query
  const startMs = Math.min(...trace.map((span) => span.timestamp ?? Number.POSITIVE_INFINITY)) / 1000
  if (endTs !== undefined && startMs > endTs) return false
  if (endTs !== undefined && lookback !== undefined && startMs < endTs - lookback) return false
  return trace.some(
    (span) =>
      (serviceName === undefined || serviceOf(span) === serviceName.toLowerCase()) &&
      (spanName === undefined || span.name?.toLowerCase() === spanName.toLowerCase()) &&
      (minDuration === undefined || (span.duration ?? 0) >= minDuration) &&
      (maxDuration === undefined || (span.duration ?? 0) <= maxDuration),
  )
}

function serviceOf(span: StoredSpan): string | undefined {
  return span.localEndpoint?.serviceName?.toLowerCase()
}

function keyOf(traceId: string): string {
  return traceId.toLowerCase().padStart(32, '0')
}

function byStart(left: StoredSpan, right: StoredSpan): number {
  return (left.timestamp ?? 0) - (right.timestamp ?? 0)
}
