import { expect, test } from 'vitest'
import type { Cluster, View } from '@mesh/core/view'
import { ask, keepAliveAgent } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { bodyOf } from '../testdata/upstream.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'
const toOne = (port: number, more: Partial<Cluster> = {}): View =>
  outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], more)])

async function clientOf(made: TestPlane): Promise<RawClient> {
  const client = await rawClient(made.port())
  open.push({ close: () => client.destroy() })
  return client
}

test('a head that does not come to its end in time is answered 408', async () => {
  const made = await plane(toOne(1), { limits: { requestHeadMs: 20, sweepMs: 10 } })
  const client = await clientOf(made)
  client.send('GET / HTTP/1.1\r\nhost:')
  expect((await client.closed()).text).toMatch(/^HTTP\/1\.1 408 /)
  expect(made.plane.counters.downstreamHeadTimeouts).toBe(1)
})

test('a kept connection without a request closes in order', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await plane(toOne(server.port), { limits: { downstreamIdleMs: 500, sweepMs: 10 } })
  const client = await clientOf(made)
  client.send(GET)
  expect((await client.closed()).reset).toBe(false)
  expect(client.text.endsWith('ok')).toBe(true)
  expect(made.plane.counters.downstreamIdleTimeouts).toBe(1)
})

test('a call on which nothing moves is answered 504 with flag SI', async () => {
  const server = await upstream(() => undefined)
  const made = await plane(toOne(server.port), { limits: { callIdleMs: 20, sweepMs: 10 } })
  expect(await ask(made.port(), '/')).toMatchObject({ status: 504, body: expect.stringMatching(/^stream timeout \(id [\w-]{36}\)$/) })
  expect((await made.recorded(1))[0]?.flags).toEqual(['SI'])
})

test('a reply that stands still in its body is broken off', async () => {
  const server = await rawUpstream((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')))
  const made = await plane(toOne(server.port), { limits: { callIdleMs: 300, sweepMs: 10 } })
  const client = await clientOf(made)
  client.send(GET)
  expect((await client.closed()).reset).toBe(true)
  expect((await made.recorded(1))[0]).toMatchObject({ status: 200, flags: ['SI'] })
})

test('what a client sends too far ahead ends its connection behind the current reply', async () => {
  let answer = (): void => undefined
  const server = await upstream((_request, response) => {
    answer = () => response.end('first')
  })
  const made = await plane(toOne(server.port), { limits: { pipelinedBytes: 100 } })
  const client = await clientOf(made)
  client.send(GET + GET.repeat(20))
  while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  answer()
  const { text } = await client.closed()
  expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
  expect(server.requests).toHaveLength(1)
  expect(made.plane.counters.downstreamPipelineOverflow).toBe(1)
})

test('calls beyond the limits of a cluster are answered 503 with flag UO', async () => {
  const answers: (() => void)[] = []
  const server = await upstream((_request, response) => answers.push(() => response.end('ok')))
  const made = await plane(toOne(server.port, { maxConnections: 1, maxPendingRequests: 1 }))
  const first = ask(made.port(), '/1')
  while (answers.length < 1) await new Promise((resolve) => setImmediate(resolve))
  const second = ask(made.port(), '/2')
  while (made.plane.counters.upstreamPendingActive < 1) await new Promise((resolve) => setImmediate(resolve))
  expect((await ask(made.port(), '/3')).status).toBe(503)
  expect((await made.recorded(1))[0]?.flags).toEqual(['UO'])
  answers[0]?.()
  expect((await first).body).toBe('ok')
  while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve))
  answers[1]?.()
  expect((await second).body).toBe('ok')
  expect(server.connections).toBe(1)
})

test('calls beyond maxRequests are answered 503 with flag UO', async () => {
  const server = await upstream(() => undefined)
  const made = await plane(toOne(server.port, { maxRequests: 1 }))
  const first = ask(made.port(), '/1').catch(() => undefined)
  while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  expect((await ask(made.port(), '/2')).status).toBe(503)
  expect(made.plane.counters.upstreamOverflow).toBe(1)
  made.close()
  await first
})

test('a connection that served as many requests as it may is not used again', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await plane(toOne(server.port, { maxRequestsPerConnection: 2 }))
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  for (let index = 0; index < 4; index++) await ask(made.port(), '/', { agent })
  expect(server.connections).toBe(2)
  expect(made.plane.counters.upstreamMaxRequests).toBe(2)
})

test('a connection that is open for as long as it may be is not used again', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await plane(toOne(server.port, { maxConnectionDurationMs: 1 }), { limits: { sweepMs: 60_000 } })
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  const { counters } = made.plane
  for (let count = 0; counters.upstreamMaxDuration < 2; count++) expect((await ask(made.port(), `/${count}`, { agent })).body).toBe('ok')
  // One may reach it before its next call, and the one in its place behind that call.
  expect(counters.upstreamConnections - counters.upstreamActive).toBe(counters.upstreamMaxDuration)
})

test('an upstream connection without a call closes when it is open for as long as it may be', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await plane(toOne(server.port, { maxConnectionDurationMs: 200 }), { limits: { sweepMs: 10 } })
  expect((await ask(made.port(), '/')).body).toBe('ok')
  while (made.plane.counters.upstreamActive > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(made.plane.counters.upstreamMaxDuration).toBe(1)
})

test('an idle upstream connection is closed in time, and one that its server will not keep is not used', async () => {
  const server = await rawUpstream((socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=0\r\ncontent-length: 2\r\n\r\nok')),
  )
  const hinted = await plane(toOne(server.port))
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  for (let index = 0; index < 2; index++) expect((await ask(hinted.port(), '/', { agent })).body).toBe('ok')
  expect(server.connections).toBe(2)
  const swept = await plane(toOne(server.port, { idleTimeoutMs: 1 }), { limits: { sweepMs: 10 } })
  await ask(swept.port(), '/')
  while (swept.plane.counters.upstreamIdleTimeouts < 1) await new Promise((resolve) => setImmediate(resolve))
  expect(swept.plane.counters.upstreamActive).toBe(0)
})

test('an upstream that speaks before it is asked, or behind its reply, is not used again', async () => {
  const server = await rawUpstream((socket) =>
    socket.on('data', () =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison'),
    ),
  )
  const made = await plane(toOne(server.port))
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  for (let index = 0; index < 3; index++) expect((await ask(made.port(), '/', { agent })).body).toBe('ok')
  expect(server.connections).toBe(3)
})

test('a connection whose server speaks while it is idle is closed', async () => {
  const speakers: (() => void)[] = []
  const server = await rawUpstream((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
    speakers.push(() => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
  })
  const made = await plane(toOne(server.port))
  expect((await ask(made.port(), '/')).body).toBe('ok')
  speakers[0]?.()
  while (made.plane.counters.upstreamSpokeUnasked < 1) await new Promise((resolve) => setImmediate(resolve))
  expect((await ask(made.port(), '/')).body).toBe('ok')
  expect(server.connections).toBe(2)
})

test('a kept connection that its server closes as it is used costs no GET, and a POST is not sent twice', async () => {
  const server = await rawUpstream((socket) => {
    let served = 0
    socket.on('data', () => {
      if (served++ === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      else socket.resetAndDestroy()
    })
  })
  const made = await plane(toOne(server.port))
  expect((await ask(made.port(), '/')).body).toBe('ok')
  expect((await ask(made.port(), '/')).body).toBe('ok')
  expect(made.plane.counters.upstreamStale).toBe(1)
  expect((await ask(made.port(), '/', { method: 'POST', body: 'x' })).status).toBe(503)
  expect((await made.recorded(3))[2]?.flags).toEqual(['UC'])
})

test('a body longer than what is kept is sent once, and not again', async () => {
  const busy = await upstream((request, response) => {
    void bodyOf(request).then((body) => {
      response.statusCode = 503
      response.end(String(body.length))
    })
  })
  const retry = { attempts: 2, on: ['5xx'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 2, avoidTriedPicks: 0 }
  const view = outboundView(
    [route('reviews', { action: { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } })],
    [cluster('reviews', [endpoint(busy.port)])],
  )
  const made = await plane(view)
  const put = (bytes: number): Promise<unknown> => ask(made.port(), `/${bytes}`, { method: 'PUT', body: Buffer.alloc(bytes) })
  expect(await put(1_000)).toMatchObject({ status: 503, body: '1000' })
  expect(await put(200_000)).toMatchObject({ status: 503, body: '200000' })
  expect(busy.requests).toEqual(['PUT /1000', 'PUT /1000', 'PUT /1000', 'PUT /200000'])
  expect(made.plane.counters.replayOverflow).toBe(1)
})
