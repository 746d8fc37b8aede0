import type { ServerResponse } from 'node:http'
import type { Cluster, Endpoint, RetryPolicy } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { ask, keepAliveAgent } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { cluster, ejecting, endpoint, outboundView, route } from '../testdata/views.ts'

const RETRY: RetryPolicy = {
  attempts: 3,
  on: ['5xx'],
  statuses: [],
  perTryTimeoutMs: 0,
  backoffBaseMs: 1,
  backoffMaxMs: 1,
  avoidTriedPicks: 0,
}

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
const to = (endpoints: readonly Endpoint[], more: Partial<Cluster> = {}, retry?: RetryPolicy) => {
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], ...(retry === undefined ? {} : { retry }) } as const
  return outboundView([route('', { action: forward })], [cluster('reviews', endpoints, { outlierDetection: ejecting(), ...more })])
}

const answering = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  upstream((_request, response) => response.writeHead(status, headers).end())

async function statuses(made: TestPlane, count: number, headers: Readonly<Record<string, string>> = {}): Promise<readonly number[]> {
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  const all: number[] = []
  for (let call = 0; call < count; call++) all.push((await ask(made.port(), '/', { agent, headers })).status)
  return all
}

test.each(['round-robin', 'random', 'least-request'] as const)(
  '%s calls an endpoint no more that answered 5xx too often',
  async (balance) => {
    const [good, bad] = [await answering(200), await answering(500)]
    const made = await plane(to([endpoint(good.port), endpoint(bad.port)], { balance }))
    const all = await statuses(made, 60)
    expect(all.filter((status) => status === 500)).toHaveLength(2)
    expect(bad.requests).toHaveLength(2)
    expect(made.outliers).toEqual([
      { kind: 'ejected', cluster: 'reviews', address: '127.0.0.1', port: bad.port, reason: 'consecutive_5xx', forMs: 30_000 },
    ])
    expect(made.plane.counters).toMatchObject({
      outlierEjectionsActive: 1,
      outlierEjections: 1,
      outlierEjected5xx: 1,
      outlierDetected5xx: 1,
    })
  },
)

test('another try goes to no endpoint that is ejected meanwhile', async () => {
  const [good, bad] = [await answering(200), await answering(500)]
  const made = await plane(to([endpoint(bad.port), endpoint(good.port)], { balance: 'random' }, { ...RETRY, attempts: 20 }))
  expect(new Set(await statuses(made, 30))).toEqual(new Set([200]))
  expect(bad.requests).toHaveLength(2)
})

test('with all endpoints ejected the answer is 503 with UH, unless so few are enough for all of them to be called', async () => {
  const bad = await answering(500)
  const made = await plane(to([endpoint(bad.port)]))
  expect(await statuses(made, 4)).toEqual([500, 500, 503, 503])
  expect((await made.recorded(4))[3]).toMatchObject({ flags: ['UH'], details: 'no_healthy_upstream' })
  const panic = await plane(to([endpoint(bad.port)], { outlierDetection: ejecting({ minHealthPercent: 1 }) }))
  expect(await statuses(panic, 4)).toEqual([500, 500, 500, 500])
})

test('an endpoint that cannot be reached, resets or is silent counts as one that answers 503 or 504', async () => {
  const resetting = await rawUpstream((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const outlierDetection = ejecting({ consecutive5xx: 0, consecutiveGatewayFailures: 2 })
  const reset = await plane(to([endpoint(resetting.port)], { outlierDetection }))
  await statuses(reset, 3)
  expect(reset.outliers).toMatchObject([{ kind: 'ejected', reason: 'consecutive_gateway_failure' }])
  const refused = await plane(to([endpoint(1)], { outlierDetection }))
  await statuses(refused, 3)
  expect(refused.outliers).toMatchObject([{ kind: 'ejected', reason: 'consecutive_gateway_failure' }])
  const silent = await upstream(() => undefined)
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }] } as const
  const slow = await plane(
    outboundView([route('', { action: forward, timeoutMs: 20 })], [cluster('reviews', [endpoint(silent.port)], { outlierDetection })]),
  )
  expect(await statuses(slow, 3)).toEqual([504, 504, 503])
})

test('split off, failures here have a count of their own, and replies of 5xx another one', async () => {
  const bad = await answering(503)
  const outlierDetection = ejecting({ consecutive5xx: 3, consecutiveLocalFailures: 2 })
  const made = await plane(to([endpoint(1), endpoint(bad.port)], { outlierDetection }))
  await statuses(made, 8)
  expect(made.outliers).toMatchObject([
    { port: 1, reason: 'consecutive_local_origin_failure' },
    { port: bad.port, reason: 'consecutive_5xx' },
  ])
})

test('a reply of gRPC counts by its status, where its head has one', async () => {
  const bad = await answering(200, { 'content-type': 'application/grpc', 'grpc-status': '14' })
  const outlierDetection = ejecting({ consecutive5xx: 0, consecutiveGatewayFailures: 2 })
  const made = await plane(to([endpoint(bad.port)], { outlierDetection }))
  await statuses(made, 3)
  expect(made.outliers).toEqual([])
  await statuses(made, 3, { 'content-type': 'application/grpc' })
  expect(made.outliers).toMatchObject([{ reason: 'consecutive_gateway_failure' }])
  expect(bad.requests).toHaveLength(5)
})

test('a caller who is slow to send its body makes no timeout of the endpoint', async () => {
  const server = await upstream((request) => void request.resume())
  const outlierDetection = ejecting({ consecutive5xx: 1 })
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }] } as const
  const made = await plane(
    outboundView([route('', { action: forward, timeoutMs: 30 })], [cluster('reviews', [endpoint(server.port)], { outlierDetection })]),
  )
  const client = await rawClient(made.port())
  open.push({ close: () => client.destroy() })
  client.send('POST / HTTP/1.1\r\nhost: reviews\r\ncontent-length: 9\r\n\r\nhalf')
  await client.until(/^HTTP\/1\.1 504 /)
  expect(made.outliers).toEqual([])
})

test('a call that this proxy does not let through says nothing about the endpoint', async () => {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  const made = await plane(to([endpoint(server.port)], { maxRequests: 1 }))
  const first = ask(made.port(), '/')
  while (held.length === 0) await turn()
  expect(await statuses(made, 5)).toEqual([503, 503, 503, 503, 503])
  held[0]?.end()
  expect((await first).status).toBe(200)
  expect(made.outliers).toEqual([])
})

test('an ejected endpoint comes back when its time is over', async () => {
  let status = 500
  const server = await upstream((_request, response) => response.writeHead(status).end())
  const made = await plane(to([endpoint(server.port)], { outlierDetection: ejecting({ intervalMs: 20, baseEjectionMs: 20 }) }))
  await statuses(made, 2)
  status = 200
  while (made.outliers.length < 2) await turn()
  expect(made.outliers.map(({ kind }) => kind)).toEqual(['ejected', 'returned'])
  expect(made.plane.counters.outlierEjectionsActive).toBe(0)
  expect(await statuses(made, 1)).toEqual([200])
})

test('an ejection outlives other endpoints and other clusters, and goes with its endpoint', async () => {
  const [good, bad] = [await answering(200), await answering(500)]
  const [first, second] = [endpoint(good.port), endpoint(bad.port)]
  const made = await plane(to([first, second]))
  await statuses(made, 10)
  const more = to([endpoint(bad.port, { weight: 3 }), first], { connectTimeoutMs: 777 })
  await made.plane.apply({ ...more, clusters: [...more.clusters, cluster('other', [])] })
  expect(new Set(await statuses(made, 10))).toEqual(new Set([200]))
  await made.plane.apply(to([first]))
  expect(made.plane.counters.outlierEjectionsActive).toBe(0)
  await made.plane.apply(to([first, second]))
  expect((await statuses(made, 10)).filter((status) => status === 500)).toHaveLength(2)
})

test('without outlier detection nobody is ejected', async () => {
  const bad = await answering(500)
  const { outlierDetection: _none, ...plain } = cluster('reviews', [endpoint(bad.port)])
  const made = await plane(outboundView([route('reviews')], [plain]))
  expect(new Set(await statuses(made, 20))).toEqual(new Set([500]))
})

test('a retry budget goes before maxRetries, and counts the calls under way', async () => {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  const bounds = { maxRetries: 1, retryBudget: { percent: 25, minConcurrency: 2 }, outlierDetection: ejecting({ consecutive5xx: 0 }) }
  const made = await plane(to([endpoint(server.port)], bounds, { ...RETRY, attempts: 1 }))
  let answered = 0
  const calls = Array.from({ length: 20 }, () => ask(made.port(), '/').finally(() => answered++))
  while (held.length < 20) await turn()
  // Of 20 calls under way 5 may be tries again.
  for (let failed = 1; failed <= 6; failed++) {
    held.shift()?.writeHead(500).end()
    while (held.length + answered < 20) await turn()
    expect(answered).toBe(Math.max(0, failed - 5))
  }
  expect(made.plane.counters).toMatchObject({ upstreamRetries: 5, upstreamRetryOverflow: 1 })
  expect(made.records[0]).toMatchObject({ status: 500, flags: ['UO'], attempts: 1 })
  for (const response of held.splice(0)) response.end()
  await Promise.all(calls)
})
