import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { BUCKETS } from './buckets.ts'
import { httpLabels, tcpLabels } from './call-labels.ts'
import { familyHead, histogramLines, sampleLine } from './exposition.ts'
import { SeriesTable } from './series-table.ts'
import { add, DURATION, observe, REQUEST_BYTES, requestSeries, RESPONSE_BYTES, tcpSeries, type Series } from './series.ts'

/** Istio's standard metrics of one proxy (`istio_requests_total` and its family). */
export interface CallMetrics {
  /** One finished request. */
  record(record: CallRecord): void
  tcpOpened(record: CallRecord): void
  /** A connection that ended, with all its bytes. */
  tcpClosed(record: CallRecord): void
  /** Prometheus text exposition 0.0.4; `nowMs` is Unix time, for series that are idle. */
  expose(nowMs?: number): string
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
      return requestText([...requests.values()]) + tcpText([...connections.values()]) + ownText(requests, connections)
    },
  }
}

const [OPENED, CLOSED, SENT, RECEIVED] = [0, 1, 2, 3]

function requestText(series: readonly Series[]): string {
  const histogram = (name: string, help: string, offset: number): string =>
    familyHead(name, help, 'histogram') +
    series
      .map(({ labels, slots }) =>
        histogramLines(name, labels, { bounds: BUCKETS, counts: slots, offset: offset + 1, sum: slots[offset] ?? 0 }),
      )
      .join('')
  return (
    counter('istio_requests_total', 'Requests that are over.', series, 0) +
    histogram('istio_request_duration_milliseconds', 'Milliseconds from the first byte of a request to the last of its reply.', DURATION) +
    histogram('istio_request_bytes', 'Bytes of requests, heads included.', REQUEST_BYTES) +
    histogram('istio_response_bytes', 'Bytes of replies, heads included.', RESPONSE_BYTES)
  )
}

function tcpText(series: readonly Series[]): string {
  return (
    counter('istio_tcp_sent_bytes_total', 'Bytes sent to the caller of TCP connections that are over.', series, SENT) +
    counter('istio_tcp_received_bytes_total', 'Bytes received from the caller of TCP connections that are over.', series, RECEIVED) +
    counter('istio_tcp_connections_opened_total', 'TCP connections that were opened.', series, OPENED) +
    counter('istio_tcp_connections_closed_total', 'TCP connections that are over.', series, CLOSED)
  )
}

function counter(name: string, help: string, series: readonly Series[], slot: number): string {
  return familyHead(name, help, 'counter') + series.map(({ labels, slots }) => sampleLine(name, labels, slots[slot] ?? 0)).join('')
}

/** How the metrics themselves fare. */
function ownText(...tables: readonly SeriesTable[]): string {
  const sum = (read: (table: SeriesTable) => number): number => tables.reduce((total, table) => total + read(table), 0)
  return (
    familyHead('mesh_telemetry_series', 'Series of calls that are kept.', 'gauge') +
    sampleLine(
      'mesh_telemetry_series',
      '',
      sum((table) => table.size),
    ) +
    familyHead('mesh_telemetry_series_evicted_total', 'Series given up because they were idle.', 'counter') +
    sampleLine(
      'mesh_telemetry_series_evicted_total',
      '',
      sum((table) => table.evicted),
    ) +
    familyHead(
      'mesh_telemetry_series_folded_total',
      'Label sets that were told without peer and service, because there were too many.',
      'counter',
    ) +
    sampleLine(
      'mesh_telemetry_series_folded_total',
      '',
      sum((table) => table.folded),
    )
  )
}
