import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { readSpans } from '../collector/read-spans.ts'
import { startStandIn } from '../testdata/collector-stand-in.ts'
import { callRecord, PRODUCTPAGE, REVIEWS } from '../testdata/records.ts'
import { createZipkinExporter } from './zipkin-exporter.ts'
import { zipkinSpan, type ZipkinSpan } from './zipkin-span.ts'

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', parentSpanId: 'aaaaaaaaaaaaaaaa', sampled: true }

test('a call is a span with the name, ends and tags of Istio', () => {
  expect(zipkinSpan(callRecord(), TRACE)).toEqual({
    traceId: TRACE.traceId,
    id: TRACE.spanId,
    parentId: TRACE.parentSpanId,
    kind: 'CLIENT',
    name: 'reviews.default.svc.cluster.local:9080/*',
    timestamp: Date.UTC(2026, 10, 21, 10, 30, 5, 7) * 1000,
    duration: 4600,
    localEndpoint: { serviceName: 'productpage.default', ipv4: '127.1.0.2', port: 37652 },
    remoteEndpoint: { serviceName: 'reviews.default', ipv4: '127.1.0.5', port: 9080 },
    tags: {
      component: 'proxy',
      'http.method': 'GET',
      'http.url': 'http://reviews:9080/reviews/0?fields=all',
      'http.protocol': 'HTTP/1.1',
      'http.status_code': '200',
      user_agent: 'curl/8.5.0',
      'guid:x-request-id': '84961386-6d84-929d-98bd-c5aee93b5c88',
      upstream_cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local',
      'upstream_cluster.name': 'outbound|9080|v2|reviews.default.svc.cluster.local',
      request_size: '0',
      response_size: '295',
      response_flags: '-',
      'peer.address': '127.0.0.1',
      'istio.canonical_service': 'productpage',
      'istio.canonical_revision': 'v1',
      'istio.namespace': 'default',
      'istio.cluster_id': 'Kubernetes',
    },
  })
})

test('the receiving side tells a server span, and a failure is an error', () => {
  const record = callRecord({
    reporter: 'destination',
    self: REVIEWS,
    peer: PRODUCTPAGE,
    status: 503,
    flags: ['UF'],
    downstreamLocal: '[::1]:9080',
    durationMs: 0,
  })
  const span = zipkinSpan(record, { ...TRACE, parentSpanId: undefined })
  expect(span).toMatchObject({ kind: 'SERVER', duration: 1, localEndpoint: { serviceName: 'reviews.default', ipv6: '::1', port: 9080 } })
  expect(span.tags).toMatchObject({ error: 'true', response_flags: 'UF' })
  expect('parentId' in span).toBe(false)
  expect(zipkinSpan(callRecord({ peer: undefined, upstreamRemote: undefined }), TRACE)).not.toHaveProperty('remoteEndpoint')
})

test('sampled calls arrive in batches that a collector accepts, others do not', async () => {
  const collector = await startStandIn()
  const exporter = createZipkinExporter({ target: () => ({ address: '127.0.0.1', port: collector.port }) })
  for (let count = 0; count < LIMITS.spanBatch; count++) exporter.record(callRecord({ trace: TRACE }))
  exporter.record(callRecord({ trace: { ...TRACE, sampled: false } }))
  exporter.record(callRecord())
  await collector.count(1)
  exporter.record(callRecord({ trace: { ...TRACE, spanId: 'bbbbbbbbbbbbbbbb' } }))
  await exporter.close()
  expect(collector.bodies.map((body) => (JSON.parse(body) as ZipkinSpan[]).length)).toEqual([LIMITS.spanBatch, 1])
  expect(collector.bodies.map((body) => readSpans(body).kind)).toEqual(['spans', 'spans'])
  expect(exporter.counts).toEqual({ sent: LIMITS.spanBatch + 1, dropped: 0, failed: 0 })
  await collector.close()
})

test('without a collector spans are dropped and counted', async () => {
  const exporter = createZipkinExporter({ target: () => undefined })
  exporter.record(callRecord({ trace: TRACE }))
  await exporter.close()
  exporter.record(callRecord({ trace: TRACE }))
  expect(exporter.counts).toEqual({ sent: 0, dropped: 2, failed: 0 })
})

test('a collector that refuses or is away is told once until it works again', async () => {
  const problems: string[] = []
  const collector = await startStandIn(503)
  const exporter = createZipkinExporter({
    target: () => ({ address: '127.0.0.1', port: collector.port }),
    onProblem: (message) => problems.push(message),
  })
  const batch = (): void => {
    for (let count = 0; count < LIMITS.spanBatch; count++) exporter.record(callRecord({ trace: TRACE }))
  }
  batch()
  batch()
  await collector.count(2)
  await exporter.close()
  expect(exporter.counts).toEqual({ sent: 0, dropped: 0, failed: 2 * LIMITS.spanBatch })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/answered 503/)
  await collector.close()
})

test('the queue is bounded', async () => {
  const collector = await startStandIn()
  const exporter = createZipkinExporter({ target: () => ({ address: '127.0.0.1', port: collector.port }) })
  const count = LIMITS.spanQueue + LIMITS.spanBatch + 10
  for (let index = 0; index < count; index++) exporter.record(callRecord({ trace: TRACE }))
  expect(exporter.counts.dropped).toBe(10)
  await exporter.close()
  await collector.close()
})
