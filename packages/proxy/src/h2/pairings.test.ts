import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { ask } from '../testdata/client.ts'
import { h2Ask, h2BodyOf, h2Client, h2Upstream } from '../testdata/h2.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { bodyOf } from '../testdata/upstream.ts'
import { cluster, deny, endpoint, outboundView, route } from '../testdata/views.ts'

const toH1 = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)])])
const toH2 = (port: number, more: object = {}): View =>
  outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], { protocol: 'h2', ...more })])

const BODIES = ['', 'a', 'b'.repeat(1000), 'c'.repeat(70_000), 'd'.repeat(3_000_000)]

test('HTTP/2 to HTTP/1.1: bodies of all sizes, many at once', async () => {
  const server = await upstream(
    (request, response) => void bodyOf(request).then((body) => response.setHeader('x-seen', request.headers['end-user'] ?? '').end(body)),
  )
  const { port, recorded } = await plane(toH1(server.port))
  const client = h2Client(port())
  const answers = await Promise.all(BODIES.map((body) => h2Ask(client, { ':path': '/a', ':method': 'POST', 'end-user': 'jason' }, body)))
  expect(answers.map(({ status, body, headers }) => [status, body.length, headers['x-seen'], headers['server']])).toEqual(
    BODIES.map((body) => [200, body.length, 'jason', 'istio-envoy']),
  )
  expect((await recorded(5))[0]).toMatchObject({
    version: 'HTTP/2',
    method: 'POST',
    authority: 'reviews:9080',
    status: 200,
    details: 'via_upstream',
  })
})

test('HTTP/1.1 to HTTP/2: all calls share one connection', async () => {
  const server = await h2Upstream(
    (stream, headers) =>
      void h2BodyOf(stream).then((body) => {
        stream.respond({ ':status': 200, 'x-seen': `${headers[':method']} ${headers[':authority']}${headers[':path']}` })
        stream.end(body)
      }),
  )
  const { port } = await plane(toH2(server.port))
  const answers = await Promise.all(BODIES.map((body) => ask(port(), '/a?b', { method: 'POST', body })))
  expect(answers.map(({ status, body, headers }) => [status, body.length, headers['x-seen']])).toEqual(
    BODIES.map((body) => [200, body.length, 'POST reviews:9080/a?b']),
  )
  expect((await ask(port(), '/get')).status).toBe(200)
  expect(server.opened()).toBe(1)
})

test('HTTP/2 to HTTP/2: trailers pass both ways, and te is told', async () => {
  const seen: unknown[] = []
  const server = await h2Upstream((stream, headers) => {
    stream.on('trailers', (trailers) => seen.push(trailers['x-sum']))
    void h2BodyOf(stream).then((body) => {
      stream.respond({ ':status': 200, 'x-te': headers.te ?? 'none' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(body)
    })
  })
  const { port } = await plane(toH2(server.port))
  const client = h2Client(port())
  const answer = await h2Ask(client, { ':path': '/', ':method': 'POST', te: 'trailers' }, 'hello', { 'x-sum': '42' })
  expect(answer).toMatchObject({ status: 200, body: 'hello', headers: { 'x-te': 'trailers' }, trailers: { 'grpc-status': '0' } })
  expect(seen).toEqual(['42'])
  expect((await h2Ask(client, { ':path': '/' })).headers['x-te']).toBe('none')
})

test('HTTP/1.1 callers get trailers when they say that they take them', async () => {
  const server = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }))
    stream.end('x')
  })
  const { port } = await plane(toH2(server.port))
  const said = async (te: string): Promise<string> => {
    const client = await rawClient(port())
    open.push({ close: () => client.destroy() })
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n${te}\r\n`)
    return client.until(/0\r\n(?:x-sum: 1\r\n)?\r\n$/)
  }
  expect(await said('TE: trailers\r\n')).toMatch(/1\r\nx\r\n0\r\nx-sum: 1\r\n\r\n$/)
  expect(await said('')).toMatch(/1\r\nx\r\n0\r\n\r\n$/)
})

test('replies without a body, interim replies and HEAD keep their sense in every pairing', async () => {
  const h1 = await upstream((request, response) => {
    response.statusCode = request.url === '/none' ? 204 : 200
    if (request.method === 'HEAD') response.setHeader('content-length', 12)
    if (request.url === '/hint') response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.end()
  })
  const h2 = await h2Upstream((stream, headers) => {
    if (headers[':path'] === '/hint') stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' })
    stream.respond(
      { ':status': headers[':path'] === '/none' ? 204 : 200, ...(headers[':method'] === 'HEAD' ? { 'content-length': 12 } : {}) },
      { endStream: true },
    )
  })
  for (const view of [toH1(h1.port), toH2(h2.port)]) {
    const { port } = await plane(view)
    const client = h2Client(port())
    expect(await h2Ask(client, { ':path': '/none' })).toMatchObject({ status: 204, body: '' })
    expect((await h2Ask(client, { ':path': '/', ':method': 'HEAD' })).headers['content-length']).toBe('12')
    expect(await h2Ask(client, { ':path': '/hint' })).toMatchObject({ status: 200, body: '' })
    expect((await ask(port(), '/none')).status).toBe(204)
    expect((await ask(port(), '/', { method: 'HEAD' })).headers['content-length']).toBe('12')
    expect(await ask(port(), '/empty')).toMatchObject({ status: 200, body: '' })
  }
})

test('a slow reader stops the upstream, not the memory', async () => {
  let written = 0
  const server = await upstream((_request, response) => {
    const more = (): void => {
      while (written < 200 && response.write(Buffer.alloc(65_536, 'x'))) written++
      if (written >= 200) response.end()
      else {
        written++
        response.once('drain', more)
      }
    }
    more()
  })
  const { port } = await plane(toH1(server.port))
  const client = h2Client(port())
  const call = client.request({ ':path': '/', ':authority': 'a' })
  await new Promise((done) => call.once('response', done))
  const stalled = await settled(() => written)
  expect(stalled).toBeLessThan(180)
  let read = 0
  call.on('data', (piece: Buffer) => (read += piece.length))
  await new Promise((done) => call.once('end', done))
  expect(read).toBeGreaterThanOrEqual(200 * 65_536)
})

/** A number that has stopped to change. */
async function settled(value: () => number): Promise<number> {
  for (let before = -1; before !== value();) {
    before = value()
    await new Promise((done) => setTimeout(done, 150))
  }
  return value()
}

test('a caller that goes away takes its stream with it, and nothing else', async () => {
  const closed: string[] = []
  const server = await h2Upstream((stream, headers) => {
    stream.on('close', () => closed.push(`${headers[':path']} ${stream.rstCode}`))
    if (headers[':path'] === '/fast') stream.respond({ ':status': 200 }, { endStream: true })
  })
  const { port, recorded } = await plane(toH2(server.port))
  const client = h2Client(port())
  const slow = client.request({ ':path': '/slow', ':authority': 'a' })
  slow.on('error', () => undefined)
  expect((await h2Ask(client, { ':path': '/fast' })).status).toBe(200)
  slow.close(8)
  await expect.poll(() => closed).toContain('/slow 8')
  expect((await h2Ask(client, { ':path': '/fast' })).status).toBe(200)
  expect((await recorded(3)).find(({ path }) => path === '/slow')).toMatchObject({ flags: ['DC'], details: 'downstream_remote_disconnect' })
  expect(server.opened()).toBe(1)
})

test('what the upstream refused unseen is tried again; a reset is told', async () => {
  let refused = 0
  const server = await h2Upstream((stream, headers) => {
    if (headers[':path'] === '/reset') return stream.close(2)
    if (refused++ === 0) return stream.close(7)
    stream.respond({ ':status': 200 }, { endStream: true })
  })
  const retry = {
    attempts: 2,
    on: ['refused-stream'],
    statuses: [],
    perTryTimeoutMs: 0,
    backoffBaseMs: 1,
    backoffMaxMs: 2,
    avoidTriedPicks: 0,
  }
  const action = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } as const
  const { port, recorded } = await plane(
    outboundView([route('reviews', { action })], [cluster('reviews', [endpoint(server.port)], { protocol: 'h2' })]),
  )
  expect((await ask(port(), '/')).status).toBe(200)
  expect((await ask(port(), '/reset')).status).toBe(503)
  expect((await recorded(2)).map(({ flags, attempts }) => [flags, attempts])).toEqual([
    [[], 2],
    [['UR'], 1],
  ])
})

test('more calls than a server takes at once wait for room or get another connection', async () => {
  const server = await h2Upstream((stream) => void setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 5), {
    maxConcurrentStreams: 2,
  })
  const { port } = await plane(toH2(server.port, { maxConnections: 1 }))
  const client = h2Client(port())
  const answers = await Promise.all(Array.from({ length: 20 }, () => h2Ask(client, { ':path': '/' })))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(server.opened()).toBe(1)
})

test('a server that says goodbye loses no call', async () => {
  const server = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
    stream.session?.close()
  })
  const { port } = await plane(toH2(server.port))
  for (let count = 0; count < 10; count++) expect((await ask(port(), '/')).body).toBe('ok')
  expect(server.opened()).toBe(10)
})

test('connections are worn out after as many calls as a rule says', async () => {
  const server = await h2Upstream((stream) => stream.respond({ ':status': 200 }, { endStream: true }))
  const { port, plane: data } = await plane(toH2(server.port, { maxRequestsPerConnection: 3 }))
  for (let count = 0; count < 9; count++) expect((await ask(port(), '/')).status).toBe(200)
  expect(server.opened()).toBe(3)
  expect(data.counters.upstreamMaxRequests).toBe(3)
})

test('a shared connection that is open for as long as it may be ends behind its last call', async () => {
  const finish: (() => void)[] = []
  const server = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 })
    finish.push(() => stream.end('ok'))
  })
  const { port, plane: data } = await plane(toH2(server.port, { maxConnectionDurationMs: 200 }), { limits: { sweepMs: 10 } })
  const first = ask(port(), '/')
  await expect.poll(() => data.counters.upstreamMaxDuration).toBe(1)
  const second = ask(port(), '/')
  await expect.poll(() => finish.length).toBe(2)
  expect(server.opened()).toBe(2)
  for (const one of finish) one()
  expect([(await first).body, (await second).body]).toEqual(['ok', 'ok'])
  await expect.poll(() => data.counters.upstreamActive).toBe(0)
})

test('where the client chooses the version of HTTP, each call goes on in its own', async () => {
  const h1 = await upstream((_request, response) => response.end('h1'))
  const h2 = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 })
    stream.end('h2')
  })
  const server = await rawUpstream((socket) =>
    socket.once('data', (first) => {
      const behind = connect(first.toString('latin1').startsWith('PRI') ? h2.port : h1.port, '127.0.0.1')
      behind.write(first)
      socket.pipe(behind).pipe(socket)
    }),
  )
  const { port } = await plane(toH2(server.port, { protocol: 'downstream' }))
  const client = h2Client(port())
  for (let count = 0; count < 3; count++) {
    expect((await ask(port(), '/')).body).toBe('h1')
    expect((await h2Ask(client, { ':path': '/' })).body).toBe('h2')
  }
  expect(server.connections).toBe(2)
})

test('a connection takes no more calls at once than a rule says', async () => {
  const finish: (() => void)[] = []
  const server = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 })
    finish.push(() => stream.end('ok'))
  })
  const { port } = await plane(toH2(server.port, { maxConcurrentStreams: 2, maxConnections: 2 }))
  const answers = Array.from({ length: 5 }, () => ask(port(), '/'))
  await expect.poll(() => finish.length).toBe(4)
  expect(server.opened()).toBe(2)
  finish[0]?.()
  await expect.poll(() => finish.length).toBe(5)
  for (const one of finish) one()
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(Array(5).fill('ok'))
})

test('a server that answers PINGs keeps its connection', async () => {
  const server = await h2Upstream((stream) => stream.respond({ ':status': 200 }, { endStream: true }))
  const { port, plane: data } = await plane(toH2(server.port, { http2KeepAlive: { intervalMs: 20, timeoutMs: 60_000 } }))
  expect((await ask(port(), '/')).status).toBe(200)
  let pings = 0
  for (const session of server.sessions) session.on('ping', () => pings++)
  await expect.poll(() => pings).toBeGreaterThan(2)
  expect((await ask(port(), '/')).status).toBe(200)
  expect([server.opened(), data.counters.upstreamKeepAliveTimeouts]).toEqual([1, 0])
})

test('a server that is silent behind a PING loses its connection, and the calls are tried elsewhere', async () => {
  const silent = await rawUpstream((socket) => socket.resume().write(Buffer.from('000000040000000000', 'hex')))
  const server = await h2Upstream((stream) => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
  })
  const retry = { attempts: 1, on: ['reset'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 2, avoidTriedPicks: 3 }
  const endpoints = [endpoint(silent.port), endpoint(server.port)]
  const view = outboundView(
    [route('reviews', { action: { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } })],
    [cluster('reviews', endpoints, { protocol: 'h2', http2KeepAlive: { intervalMs: 20, timeoutMs: 300 } })],
  )
  const { port, plane: data } = await plane(view)
  for (let count = 0; count < 2; count++) expect((await ask(port(), '/')).body).toBe('ok')
  expect(silent.connections).toBeGreaterThan(0)
  expect([data.counters.upstreamKeepAliveTimeouts, data.counters.upstreamRetries]).toEqual([silent.connections, silent.connections])
})

test('a drain tells clients of HTTP/2 to go, and lets calls end', async () => {
  let finish: () => void = () => undefined
  const server = await upstream((_request, response) => void (finish = () => response.end('late')))
  const { port, plane: data } = await plane(toH1(server.port))
  const client = h2Client(port())
  const slow = h2Ask(client, { ':path': '/' })
  await expect.poll(() => server.requests).toHaveLength(1)
  const gone = new Promise((done) => client.once('goaway', done))
  data.drain()
  await gone
  finish()
  expect((await slow).body).toBe('late')
  await new Promise((done) => (client.closed ? done(undefined) : client.once('close', done)))
})

test('gRPC callers read refusals as status and message', async () => {
  const { port } = await plane(outboundView([route('reviews')], [cluster('reviews', [])], { authz: [deny('guard', '/secret')] }))
  const client = h2Client(port())
  const grpc = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }
  expect(await h2Ask(client, { ...grpc, ':path': '/secret/Get' })).toMatchObject({
    status: 200,
    body: '',
    headers: { 'grpc-status': '7', 'content-type': 'application/grpc' },
  })
  expect((await h2Ask(client, { ...grpc, ':path': '/books.Books/Get' })).headers).toMatchObject({
    'grpc-status': '14',
    'grpc-message': expect.stringMatching(/\w/),
  })
  expect(await h2Ask(client, { ':path': '/secret' })).toMatchObject({ status: 403, headers: { 'content-type': 'text/plain' } })
})

test('no HTTP/2 where the bytes only begin like it; CONNECT over it is refused', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const { port, plane: data } = await plane(toH1(server.port))
  const raw = await rawClient(port())
  open.push({ close: () => raw.destroy() })
  for (const piece of ['P', 'R', 'I', ' * HTTP/1.1\r\nHost: a\r\n\r\n']) raw.send(piece)
  await raw.closed()
  expect(data.counters.downstreamProtocolErrors).toBeGreaterThan(0)
  const client = h2Client(port())
  const call = client.request({ ':method': 'CONNECT', ':authority': 'reviews:9080' })
  expect(await new Promise((done) => call.once('response', (headers) => done(headers[':status'])))).toBe(405)
})
