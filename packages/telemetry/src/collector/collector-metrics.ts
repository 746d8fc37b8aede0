import { addProcessMetrics } from '../metrics/process-metrics.ts'
import { createRegistry } from '../metrics/registry.ts'
import type { SpanStore } from './span-store.ts'

/** What the collector tells about itself, under Zipkin's names where it has them. */
export interface CollectorMetrics {
  readonly messages: { add(): void }
  readonly refused: { add(): void }
  readonly spans: { add(amount: number): void }
  expose(): string
  close(): void
}

export function collectorMetrics(store: SpanStore): CollectorMetrics {
  const registry = createRegistry()
  const counter = (name: string, help: string): { add(amount?: number): void; readonly value: number } =>
    registry.counter({ name, help }).of()
  const evicted = counter('zipkin_collector_spans_evicted_total', 'Spans given up for newer ones.')
  const spans = registry.gauge({ name: 'zipkin_collector_spans_stored', help: 'Spans in memory.' }).of()
  const traces = registry.gauge({ name: 'zipkin_collector_traces_stored', help: 'Traces in memory.' }).of()
  registry.onExpose(() => {
    evicted.add(store.counts.evicted - evicted.value)
    spans.set(store.counts.spans)
    traces.set(store.counts.traces)
  })
  const close = addProcessMetrics(registry)
  return {
    messages: counter('zipkin_collector_messages_total', 'Lists of spans that came.'),
    refused: counter('zipkin_collector_messages_dropped_total', 'Lists of spans that were refused.'),
    spans: counter('zipkin_collector_spans_total', 'Spans that came.'),
    expose: () => registry.expose(),
    close,
  }
}
