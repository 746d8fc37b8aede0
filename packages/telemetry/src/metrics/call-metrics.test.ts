import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readExposition, valueOf } from '../testdata/read-exposition.ts'
import { callRecord, PRODUCTPAGE, REVIEWS, tcpRecord } from '../testdata/records.ts'
import { createMetrics } from './call-metrics.ts'

const NOW = callRecord().startMs + 1000

test('a request is told with the labels of Istio, from the side that reports', () => {
  const metrics = createMetrics()
  metrics.record(callRecord())
  metrics.record(callRecord({ reporter: 'destination', self: REVIEWS, peer: PRODUCTPAGE, cluster: 'inbound|9080||' }))
  const requests = readExposition(metrics.expose(NOW)).filter(({ name }) => name === 'istio_requests_total')
  const both = {
    source_workload: 'productpage-v1',
    source_canonical_service: 'productpage',
    source_canonical_revision: 'v1',
    source_workload_namespace: 'default',
    source_principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage',
    source_app: 'productpage',
    source_version: 'v1',
    source_cluster: 'Kubernetes',
    destination_workload: 'reviews-v2',
    destination_workload_namespace: 'default',
    destination_principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews',
    destination_app: 'reviews',
    destination_version: 'v2',
    destination_service: 'reviews.default.svc.cluster.local',
    destination_canonical_service: 'reviews',
    destination_canonical_revision: 'v2',
    destination_service_name: 'reviews',
    destination_service_namespace: 'default',
    destination_cluster: 'Kubernetes',
    request_protocol: 'http',
    response_code: '200',
    grpc_response_status: '',
    response_flags: '-',
  }
  expect(requests.map(({ labels }) => Object.fromEntries(labels))).toEqual([
    { ...both, reporter: 'source', connection_security_policy: 'unknown' },
    { ...both, reporter: 'destination', connection_security_policy: 'mutual_tls' },
  ])
})

test('what is not known is told as unknown, clusters without a service by their name', () => {
  const metrics = createMetrics()
  metrics.record(callRecord({ peer: undefined, service: undefined, cluster: undefined, status: 404, flags: ['NR'] }))
  metrics.record(callRecord({ peer: undefined, service: undefined, cluster: 'PassthroughCluster' }))
  metrics.record(callRecord({ reporter: 'destination', self: REVIEWS, peer: undefined, mutualTls: false }))
  const samples = readExposition(metrics.expose(NOW))
  const nowhere = {
    response_code: '404',
    response_flags: 'NR',
    destination_workload: 'unknown',
    destination_service: 'unknown',
    destination_principal: 'unknown',
  }
  expect(valueOf(samples, 'istio_requests_total', nowhere)).toBe(1)
  expect(valueOf(samples, 'istio_requests_total', { destination_service_name: 'PassthroughCluster', destination_service: 'unknown' })).toBe(
    1,
  )
  expect(valueOf(samples, 'istio_requests_total', { source_workload: 'unknown', connection_security_policy: 'none' })).toBe(1)
})

test('durations and bytes are told in Istio’s buckets', () => {
  const metrics = createMetrics()
  for (const durationMs of [0.5, 0.6, 5, 5.1, 3_600_001]) metrics.record(callRecord({ durationMs }))
  const samples = readExposition(metrics.expose(NOW))
  const at = (name: string, le: string) => valueOf(samples, `${name}_bucket`, { le })
  const durations = ['0.5', '1', '5', '10', '3600000', '+Inf'].map((le) => at('istio_request_duration_milliseconds', le))
  expect(durations).toEqual([1, 2, 3, 4, 4, 5])
  expect(valueOf(samples, 'istio_request_duration_milliseconds_sum')).toBeCloseTo(3_600_012.2)
  expect(samples.filter(({ name }) => name === 'istio_request_duration_milliseconds_bucket')).toHaveLength(20)
  expect([at('istio_request_bytes', '100'), at('istio_request_bytes', '250')]).toEqual([0, 5])
  expect(valueOf(samples, 'istio_response_bytes_sum')).toBe(5 * (295 + 180))
})

test('TCP connections are counted when they open and when they end', () => {
  const metrics = createMetrics()
  metrics.tcpOpened(tcpRecord({ bytesReceived: 0, bytesSent: 0 }))
  metrics.tcpOpened(tcpRecord({ bytesReceived: 0, bytesSent: 0 }))
  metrics.tcpClosed(tcpRecord())
  const samples = readExposition(metrics.expose(NOW))
  const told = (name: string) => valueOf(samples, `istio_tcp_${name}_total`, { request_protocol: 'tcp', response_flags: '-' })
  expect(['connections_opened', 'connections_closed', 'sent_bytes', 'received_bytes'].map(told)).toEqual([2, 1, 20, 10])
  expect(samples.some(({ name }) => name === 'istio_requests_total')).toBe(false)
})

test('equal calls share one series, whether their parts are the same objects or equal ones', () => {
  const metrics = createMetrics()
  for (let count = 0; count < 100; count++) metrics.record(callRecord())
  for (let count = 0; count < 100; count++) metrics.record(callRecord({ peer: { ...REVIEWS }, self: { ...PRODUCTPAGE }, flags: [] }))
  expect(valueOf(readExposition(metrics.expose(NOW)), 'istio_requests_total')).toBe(200)
})

test('one peer with more kinds of calls than are remembered loses none', () => {
  const metrics = createMetrics()
  for (let round = 0; round < 3; round++) for (let status = 200; status < 300; status++) metrics.record(callRecord({ status }))
  const samples = readExposition(metrics.expose(NOW))
  for (let status = 200; status < 300; status++) expect(valueOf(samples, 'istio_requests_total', { response_code: String(status) })).toBe(3)
})

test('beyond the bound of series no call is lost: it is told without peer and service', () => {
  const metrics = createMetrics({ maxSeries: 10 })
  for (let index = 0; index < 50; index++) metrics.record(callRecord({ peer: { ...REVIEWS, workload: `reviews-${index}` } }))
  const samples = readExposition(metrics.expose(NOW))
  const requests = samples.filter(({ name }) => name === 'istio_requests_total')
  expect(requests).toHaveLength(11)
  expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(50)
  expect(valueOf(samples, 'istio_requests_total', { destination_workload: 'unknown' })).toBe(40)
  expect(valueOf(samples, 'mesh_telemetry_series_folded_total')).toBe(40)
})

test('a series that was idle for long is given up, and begins again at zero', () => {
  const metrics = createMetrics({ idleMs: 60_000 })
  const { startMs } = callRecord()
  metrics.record(callRecord())
  metrics.record(callRecord({ status: 500, startMs: startMs + 50_000 }))
  const later = readExposition(metrics.expose(startMs + 70_000))
  expect(later.filter(({ name }) => name === 'istio_requests_total').map(({ labels }) => labels.get('response_code'))).toEqual(['500'])
  metrics.record(callRecord({ startMs: startMs + 80_000 }))
  expect(valueOf(readExposition(metrics.expose(startMs + 80_000)), 'istio_requests_total', { response_code: '200' })).toBe(1)
})

test('no text in a label breaks its line or speaks for another label', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ maxLength: 40 }), (workload, version) => {
      const metrics = createMetrics()
      metrics.record(callRecord({ peer: { ...REVIEWS, workload, version } }))
      const requests = readExposition(metrics.expose(NOW)).filter(({ name }) => name === 'istio_requests_total')
      expect(requests).toHaveLength(1)
      expect(requests[0]?.labels.get('destination_workload')?.length).toBeLessThanOrEqual(512)
      expect(requests[0]?.labels.get('source_workload')).toBe('productpage-v1')
    }),
  )
})
