import { BUCKETS } from './buckets.ts'
import { familyHead, histogramLines, sampleLine, type MetricKind } from './exposition.ts'
import { DURATION, REQUEST_BYTES, RESPONSE_BYTES, type Series } from './series.ts'

/** How many series there are, and how often one was given up, or told without its peer. */
export interface SeriesCounts {
  readonly series: number
  readonly evicted: number
  readonly folded: number
}

/** Where each number of a TCP connection's series stands. */
export const [OPENED, CLOSED, SENT, RECEIVED] = [0, 1, 2, 3]

/** Istio's metrics of requests. */
export function requestText(series: readonly Series[]): string {
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

/** Istio's metrics of TCP connections. */
export function tcpText(series: readonly Series[]): string {
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
export function ownText({ series, evicted, folded }: SeriesCounts): string {
  const told = (name: string, help: string, kind: MetricKind, value: number): string =>
    familyHead(name, help, kind) + sampleLine(name, '', value)
  return (
    told('mesh_telemetry_series', 'Series of calls that are kept.', 'gauge', series) +
    told('mesh_telemetry_series_evicted_total', 'Series given up because they were idle.', 'counter', evicted) +
    told(
      'mesh_telemetry_series_folded_total',
      'Label sets that were told without peer and service, because there were too many.',
      'counter',
      folded,
    )
  )
}
