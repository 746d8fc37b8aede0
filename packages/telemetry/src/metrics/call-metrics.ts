import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { httpLabels, tcpLabels } from './call-labels.ts'
import { CLOSED, OPENED, ownText, RECEIVED, requestText, SENT, tcpText, type SeriesCounts } from './call-text.ts'
import { SeriesTable } from './series-table.ts'
import { add, DURATION, observe, REQUEST_BYTES, requestSeries, RESPONSE_BYTES, tcpSeries, type SeriesGrowth } from './series.ts'

/** Istio's standard metrics of one proxy (`istio_requests_total` and its family). */
export interface CallMetrics {
  /** One finished request. */
  record(record: CallRecord): void
  tcpOpened(record: CallRecord): void
  /** A connection that ended, with all its bytes. */
  tcpClosed(record: CallRecord): void
  /** Prometheus text exposition 0.0.4; `nowMs` is Unix time, for series that are idle. */
  expose(nowMs?: number): string
  /** What came since it was asked last, for a ledger that tells the sum of several. */
  harvest(nowMs?: number): MetricsHarvest
}

/** What came to the metrics of calls in a while; plain values, which can be sent to another thread. */
export interface MetricsHarvest {
  readonly requests: readonly SeriesGrowth[]
  readonly connections: readonly SeriesGrowth[]
  readonly folded: number
}

export interface CallMetricsOptions {
  readonly maxSeries?: number
  readonly idleMs?: number
}

/** Empty metrics of calls. */
export function createMetrics(options: CallMetricsOptions = {}): CallMetrics {
  const bounds = { maxSeries: options.maxSeries ?? LIMITS.callSeries, idleMs: options.idleMs ?? LIMITS.seriesIdleMs }
  const requests = new SeriesTable({ ...bounds, labelsOf: httpLabels, make: requestSeries })
  const connections = new SeriesTable({ ...bounds, labelsOf: tcpLabels, make: tcpSeries })
  const endOf = (record: CallRecord): number => record.startMs + record.durationMs
  return {
    record(record) {
      const { slots } = requests.of(record, endOf(record))
      add(slots, 0, 1)
      observe(slots, DURATION, record.durationMs)
      observe(slots, REQUEST_BYTES, record.requestHeadBytes + record.bytesReceived)
      observe(slots, RESPONSE_BYTES, record.replyHeadBytes + record.bytesSent)
    },
    tcpOpened: (record) => add(connections.of(record, endOf(record)).slots, OPENED, 1),
    tcpClosed(record) {
      const { slots } = connections.of(record, endOf(record))
      add(slots, CLOSED, 1)
      add(slots, SENT, record.bytesSent)
      add(slots, RECEIVED, record.bytesReceived)
    },
    expose(nowMs = Date.now()) {
      requests.evict(nowMs)
      connections.evict(nowMs)
      return requestText([...requests.values()]) + tcpText([...connections.values()]) + ownText(countsOf(requests, connections))
    },
    harvest(nowMs = Date.now()) {
      const { folded } = countsOf(requests, connections)
      for (const table of [requests, connections]) table.folded = 0
      return { requests: requests.harvest(nowMs), connections: connections.harvest(nowMs), folded }
    },
  }
}

function countsOf(...tables: readonly SeriesTable[]): SeriesCounts {
  const sum = (read: (table: SeriesTable) => number): number => tables.reduce((total, table) => total + read(table), 0)
  return { series: sum(({ size }) => size), evicted: sum(({ evicted }) => evicted), folded: sum(({ folded }) => folded) }
}
