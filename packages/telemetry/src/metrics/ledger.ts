import { LIMITS } from '../limits.ts'
import type { MetricsHarvest } from './call-metrics.ts'
import { ownText, requestText, tcpText } from './call-text.ts'
import type { Series, SeriesGrowth } from './series.ts'

/** The metrics of the calls of several threads, as one: each hands in what came to it. */
export interface MetricsLedger {
  take(harvest: MetricsHarvest): void
  /** Prometheus text exposition 0.0.4; `nowMs` is Unix time, for series that are idle. */
  expose(nowMs?: number): string
}

/** An empty ledger. It holds no more series than those that hand in to it do together. */
export function createMetricsLedger(options: { readonly idleMs?: number } = {}): MetricsLedger {
  const { idleMs = LIMITS.seriesIdleMs } = options
  const requests = new Map<string, Series>()
  const connections = new Map<string, Series>()
  let evicted = 0
  let folded = 0
  return {
    take(harvest) {
      for (const growth of harvest.requests) grow(requests, growth)
      for (const growth of harvest.connections) grow(connections, growth)
      folded += harvest.folded
    },
    expose(nowMs = Date.now()) {
      for (const table of [requests, connections]) evicted += evict(table, nowMs - idleMs)
      const series = requests.size + connections.size
      return requestText([...requests.values()]) + tcpText([...connections.values()]) + ownText({ series, evicted, folded })
    },
  }
}

function grow(table: Map<string, Series>, { labels, slots, lastMs }: SeriesGrowth): void {
  const known = table.get(labels)
  if (known === undefined) return void table.set(labels, { labels, slots: slots.slice(), lastMs, gone: false })
  for (let slot = 0; slot < slots.length; slot++) known.slots[slot] = (known.slots[slot] ?? 0) + (slots[slot] ?? 0)
  known.lastMs = Math.max(known.lastMs, lastMs)
}

/** Answers how many went. */
function evict(table: Map<string, Series>, beforeMs: number): number {
  let count = 0
  for (const [labels, { lastMs }] of table) {
    if (lastMs > beforeMs) continue
    table.delete(labels)
    count++
  }
  return count
}
