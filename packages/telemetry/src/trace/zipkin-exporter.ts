import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { postSpans, type PostOutcome, type SpanTarget } from './post-spans.ts'
import { zipkinSpan, type ZipkinSpan } from './zipkin-span.ts'

/** Sends spans in batches; never throws, and loses spans rather than memory. */
export interface ZipkinExporter {
  /** Takes the span of a call whose trace is sampled; others are ignored. */
  record(record: CallRecord): void
  readonly counts: SpanCounts
  /** Sends what is left, at most one request. */
  close(): Promise<void>
}

export interface SpanCounts {
  readonly sent: number
  /** The queue was full, or there is no collector. */
  readonly dropped: number
  /** The collector refused them or could not be reached. */
  readonly failed: number
}

export interface ZipkinExporterOptions {
  /** Where the collector is now; undefined: nowhere, the spans are dropped. */
  readonly target: () => SpanTarget | undefined
  /** Hears of the first failure after a success, not of each. */
  readonly onProblem?: (message: string) => void
}

/** An exporter of Zipkin v2 JSON over HTTP. */
export function createZipkinExporter(options: ZipkinExporterOptions): ZipkinExporter {
  return new Exporter(options)
}

class Exporter implements ZipkinExporter {
  readonly #options: ZipkinExporterOptions
  #queue: ZipkinSpan[] = []
  #sending: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #failing = false
  #closed = false
  readonly counts = { sent: 0, dropped: 0, failed: 0 }

  constructor(options: ZipkinExporterOptions) {
    this.#options = options
  }

  record(record: CallRecord): void {
    const { trace } = record
    if (trace === undefined || !trace.sampled) return
    if (this.#closed || this.#queue.length >= LIMITS.spanQueue) {
      this.counts.dropped++
      return
    }
    this.#queue.push(zipkinSpan(record, trace))
    if (this.#queue.length >= LIMITS.spanBatch) this.#flush()
    else this.#arm()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sending
    this.#flush()
    await this.#sending
    clearTimeout(this.#timer)
    this.counts.dropped += this.#queue.splice(0).length
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#flush(), LIMITS.spanFlushMs).unref()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#sending !== undefined || this.#queue.length === 0) return
    const spans = this.#queue.splice(0, LIMITS.spanBatch)
    const target = this.#options.target()
    if (target === undefined) {
      this.counts.dropped += spans.length
      return
    }
    this.#sending = postSpans(target, spans).then((outcome) => this.#onOutcome(outcome, spans.length))
  }

  #onOutcome(outcome: PostOutcome, count: number): void {
    this.#sending = undefined
    if (outcome.kind === 'sent') {
      this.counts.sent += count
      this.#failing = false
    } else {
      this.counts.failed += count
      if (!this.#failing) this.#options.onProblem?.(outcome.message)
      this.#failing = true
    }
    if (this.#queue.length >= LIMITS.spanBatch && !this.#closed) this.#flush()
    else if (this.#queue.length > 0 && !this.#closed) this.#arm()
  }
}
