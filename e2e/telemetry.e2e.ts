import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askJson } from './src/http.ts'
import { failures, load } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { sumOf } from './src/prometheus.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const scrape = async (workload: string): Promise<string> => (await ask(`${mesh.proxy(workload).metrics}/stats/prometheus`)).body

const TO_RATINGS = { destination_service: 'ratings.default.svc.cluster.local' }

test('over 10,000 requests the client, the source and the destination count alike', async () => {
  const asked = new Map<number, number>()
  const before = {
    source: sumOf(await scrape('reviews-v2'), 'istio_requests_total', { ...TO_RATINGS, reporter: 'source' }),
    destination: sumOf(await scrape('ratings-v1'), 'istio_requests_total', { reporter: 'destination', source_workload: 'reviews-v2' }),
  }
  const outcomes = await load(10_000, 16, (index) =>
    ask(`http://ratings:9080/ratings/${index % 9}`, { proxy: mesh.proxy('reviews-v2').outbound }),
  )
  expect(failures(outcomes)).toEqual([])
  for (const outcome of outcomes) if (!(outcome instanceof Error)) asked.set(outcome.status, (asked.get(outcome.status) ?? 0) + 1)
  const source = await scrape('reviews-v2')
  const destination = await scrape('ratings-v1')
  const of = { response_code: '200', reporter: 'source', ...TO_RATINGS }
  expect(asked.get(200)).toBe(10_000)
  expect(sumOf(source, 'istio_requests_total', of) - before.source).toBe(10_000)
  expect(
    sumOf(destination, 'istio_requests_total', { reporter: 'destination', source_workload: 'reviews-v2', response_code: '200' }) -
      before.destination,
  ).toBe(10_000)
  expect(sumOf(source, 'istio_request_duration_milliseconds_count', of)).toBe(sumOf(source, 'istio_requests_total', of))
})

test('both ends name the other by its workload, app, version and principal', async () => {
  const source = await scrape('reviews-v2')
  const destination = await scrape('ratings-v1')
  const both = {
    source_workload: 'reviews-v2',
    source_app: 'reviews',
    source_version: 'v2',
    source_principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews',
    destination_workload: 'ratings-v1',
    destination_app: 'ratings',
    destination_version: 'v1',
    destination_principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-ratings',
    destination_service: 'ratings.default.svc.cluster.local',
    request_protocol: 'http',
  }
  expect(sumOf(source, 'istio_requests_total', { ...both, reporter: 'source', connection_security_policy: 'unknown' })).toBeGreaterThan(0)
  expect(
    sumOf(destination, 'istio_requests_total', { ...both, reporter: 'destination', connection_security_policy: 'mutual_tls' }),
  ).toBeGreaterThan(0)
})

test('a header that claims to be someone else changes no label', async () => {
  const headers = {
    'x-envoy-peer-metadata': 'CgA=',
    'x-envoy-peer-metadata-id': 'sidecar~1.2.3.4~evil.default~default',
    'x-forwarded-client-cert': 'URI=spiffe://cluster.local/ns/default/sa/evil',
  }
  expect((await ask('http://ratings:9080/ratings/0', { proxy: mesh.proxy('reviews-v3').outbound, headers })).status).toBe(200)
  expect(await scrape('ratings-v1')).not.toContain('evil')
})

test('one request is one trace across the processes, in W3C and B3 alike, and the collector has its spans', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const page = await ask(`${mesh.ingress}/productpage`, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } })
  expect(page.status).toBe(200)
  const { telemetry } = mesh.run()
  const spans = await until('the spans', async () => {
    const found = await askJson<readonly { id: string; parentId?: string; kind: string; localEndpoint?: { serviceName?: string } }[]>(
      `${telemetry?.url}/api/v2/trace/${traceId}`,
    )
    const names = new Set(found.map((span) => span.localEndpoint?.serviceName))
    return ['productpage', 'details', 'reviews'].every((name) => [...names].some((one) => one?.includes(name))) ? found : undefined
  })
  const ids = new Set(spans.map((span) => span.id))
  const roots = spans.filter((span) => span.parentId === undefined || !ids.has(span.parentId))
  expect(roots).toHaveLength(1)
  expect(spans.some((span) => span.kind === 'CLIENT') && spans.some((span) => span.kind === 'SERVER')).toBe(true)
})

test('the access log has the default format of Istio at both ends', async () => {
  const id = '11111111-2222-4333-8444-555555555555'
  await ask('http://ratings:9080/ratings/3', {
    proxy: mesh.proxy('reviews-v2').outbound,
    headers: { 'x-request-id': id, 'user-agent': 'e2e/1' },
  })
  const line =
    /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] "GET \/ratings\/3 HTTP\/(1\.1|2)" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "[^"]*" "e2e\/1" "11111111-2222-4333-8444-555555555555" "ratings:9080" "[\d.]+:\d+" (outbound\|9080\|[^|]*\|ratings\.default\.svc\.cluster\.local|inbound\|9080\|\|) [\d.]+:\d+ [\d.]+:\d+ [\d.]+:\d+ \S+ \S+$/
  // The caller spoke HTTP/1.1 to its sidecar, and that one HTTP/2 to the other.
  for (const [workload, version] of [
    ['reviews-v2', '1.1'],
    ['ratings-v1', '2'],
  ] as const) {
    const found = await until(`the line of ${workload}`, () => mesh.accessLog(workload).find((one) => one.includes(id)))
    expect(line.exec(found)?.[1]).toBe(version)
  }
})

test('TCP has its counters at both ends', async () => {
  const client = mesh.proxy('client')
  const text = (await ask(`${client.metrics}/stats/prometheus`)).body
  expect(text).toContain('istio_tcp_connections_opened_total')
})
