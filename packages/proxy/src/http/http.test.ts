import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { ask, keepAliveAgent } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { bodyOf } from '../testdata/upstream.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const toOne = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)])])

test('a request goes to the upstream and its reply comes back, with the names of the mesh on it', async () => {
  const server = await upstream((request, response) => {
    response.setHeader('x-seen', `${request.headers.host} ${request.headers['x-request-id'] === undefined ? 'no' : 'an'} id`)
    response.end('hello')
  })
  const { port, recorded } = await plane(toOne(server.port))
  const answer = await ask(port(), '/reviews/1?x=1')
  expect(answer).toMatchObject({ status: 200, body: 'hello' })
  expect(answer.headers['x-seen']).toBe('reviews:9080 an id')
  expect(answer.headers['server']).toBe('istio-envoy')
  expect(answer.headers['x-envoy-upstream-service-time']).toMatch(/^\d+$/)
  expect(server.requests).toEqual(['GET /reviews/1?x=1'])
  expect((await recorded(1))[0]).toMatchObject({
    method: 'GET',
    path: '/reviews/1?x=1',
    authority: 'reviews:9080',
    status: 200,
    flags: [],
    details: 'via_upstream',
    bytesSent: 5,
    cluster: 'reviews',
    upstreamRemote: `127.0.0.1:${server.port}`,
    reporter: 'source',
  })
})

test('one kept connection serves many requests on both sides', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const { port, plane: data } = await plane(toOne(server.port))
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  for (let index = 0; index < 20; index++) expect((await ask(port(), `/${index}`, { agent })).body).toBe('ok')
  expect(server.connections).toBe(1)
  expect(data.counters.downstreamConnections).toBe(1)
})

test('shares of a split are kept', async () => {
  const v1 = await upstream((_request, response) => response.end('v1'))
  const v2 = await upstream((_request, response) => response.end('v2'))
  const { port } = await plane(
    outboundView([route({ v1: 80, v2: 20 })], [cluster('v1', [endpoint(v1.port)]), cluster('v2', [endpoint(v2.port)])]),
  )
  const agent = keepAliveAgent(4)
  open.push({ close: () => agent.destroy() })
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(port(), '/', { agent })))
  const share = answers.filter(({ body }) => body === 'v2').length
  expect(share).toBeGreaterThan(130)
  expect(share).toBeLessThan(280)
})

test('bodies of all sizes and framings pass unchanged', async () => {
  const server = await upstream((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.url === '/chunked') response.write(body.subarray(0, 1))
      response.end(request.url === '/chunked' ? body.subarray(1) : body)
    })
  })
  const { port, recorded } = await plane(toOne(server.port))
  for (const size of [1, 1_000, 70_000, 3_000_000]) {
    const body = Buffer.alloc(size, 'abcdefghij')
    for (const path of ['/fixed', '/chunked']) {
      const answer = await ask(port(), path, { method: 'POST', body })
      expect(answer.body === body.toString()).toBe(true)
      const streamed = await ask(port(), path, { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } })
      expect(streamed.body === body.toString()).toBe(true)
    }
  }
  const records = await recorded(16)
  expect(records.at(-1)).toMatchObject({ bytesReceived: 3_000_000, bytesSent: 3_000_000 })
})

test('HEAD, 204 and 304 have no body, and the connection stays usable', async () => {
  const server = await upstream((request, response) => {
    response.statusCode = request.url === '/none' ? 204 : request.url === '/same' ? 304 : 200
    if (response.statusCode === 200) response.setHeader('content-length', 5)
    response.end(request.method === 'HEAD' || response.statusCode !== 200 ? undefined : 'hello')
  })
  const { port } = await plane(toOne(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  for (const line of ['HEAD /', 'GET /none', 'GET /same']) client.send(`${line} HTTP/1.1\r\nhost: reviews:9080\r\n\r\n`)
  client.send('GET /last HTTP/1.1\r\nhost: reviews:9080\r\nconnection: close\r\n\r\n')
  const { text } = await client.closed()
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200'])
  expect(text.endsWith('\r\n\r\nhello')).toBe(true)
})

test('requests sent ahead are answered one after the other, in order', async () => {
  const server = await upstream((request, response) => response.end(request.url))
  const { port } = await plane(toOne(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send(Array.from({ length: 50 }, (_, index) => `GET /${index} HTTP/1.1\r\nhost: reviews:9080\r\n\r\n`).join(''))
  const text = await client.until(/\/49$/)
  expect([...text.matchAll(/\r\n\r\n(\/\d+)/g)].map((match) => match[1])).toEqual(Array.from({ length: 50 }, (_, index) => `/${index}`))
})

test('an upstream that breaks off in the middle of a body breaks the reply off, never ends it', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy())
    })
  })
  const { port, recorded } = await plane(toOne(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('GET / HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  expect((await client.closed()).reset).toBe(true)
  expect((await recorded(1))[0]).toMatchObject({ status: 200, flags: ['UC'] })
})

test('a chunked reply cut short by FIN is broken off as well', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'))
  })
  const { port } = await plane(toOne(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('GET / HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  const { text } = await client.closed()
  expect(text.endsWith('0\r\n\r\n')).toBe(false)
})

test('a reply that ends with its connection is complete', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'))
  })
  const { port } = await plane(toOne(server.port))
  expect((await ask(port(), '/')).body).toBe('all of it')
})

test('a refused connection is answered 503 with flag UF', async () => {
  const server = await upstream(() => undefined)
  await server.close()
  const { port, recorded } = await plane(toOne(server.port))
  expect((await ask(port(), '/')).status).toBe(503)
  expect((await recorded(1))[0]).toMatchObject({ status: 503, flags: ['UF'] })
})

test('no route is 404 NR, no cluster 503 NC, no endpoint 503 UH', async () => {
  const view = outboundView(
    [
      route('nowhere', { match: { path: { kind: 'prefix', value: '/nc' }, headers: [], query: [] } }),
      route('empty', { match: { path: { kind: 'prefix', value: '/uh' }, headers: [], query: [] } }),
    ],
    [cluster('empty', [])],
  )
  const { port, recorded } = await plane(view)
  const statuses = []
  for (const path of ['/other', '/nc', '/uh']) statuses.push((await ask(port(), path)).status)
  expect(statuses).toEqual([404, 503, 503])
  expect((await recorded(3)).map(({ flags }) => flags)).toEqual([['NR'], ['NC'], ['UH']])
})

test('a failed try is made again at another endpoint, with its body', async () => {
  const dead = await upstream(() => undefined)
  await dead.close()
  const server = await upstream((request, response) => void bodyOf(request).then((body) => response.end(body)))
  const forward = route('reviews')
  const view = outboundView(
    [
      {
        ...forward,
        action: {
          kind: 'forward',
          clusters: [{ cluster: 'reviews', weight: 1 }],
          retry: {
            attempts: 2,
            on: ['connect-failure'],
            statuses: [],
            perTryTimeoutMs: 0,
            backoffBaseMs: 1,
            backoffMaxMs: 4,
            avoidTriedPicks: 5,
          },
        },
      },
    ],
    [cluster('reviews', [endpoint(dead.port), endpoint(server.port)])],
  )
  const { port, recorded } = await plane(view)
  for (let index = 0; index < 6; index++) expect((await ask(port(), '/', { method: 'POST', body: 'again' })).body).toBe('again')
  const records = await recorded(6)
  expect(records.some(({ attempts }) => attempts > 1)).toBe(true)
})

test('a 503 is tried again when the route says so, and the last answer is passed on', async () => {
  const server = await upstream((_request, response) => {
    response.statusCode = 503
    response.end('busy')
  })
  const view = outboundView(
    [
      route('reviews', {
        action: {
          kind: 'forward',
          clusters: [{ cluster: 'reviews', weight: 1 }],
          retry: { attempts: 2, on: ['5xx'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 4, avoidTriedPicks: 5 },
        },
      }),
    ],
    [cluster('reviews', [endpoint(server.port)])],
  )
  const { port, recorded } = await plane(view)
  expect(await ask(port(), '/')).toMatchObject({ status: 503, body: 'busy' })
  expect(server.requests).toHaveLength(3)
  expect((await recorded(1))[0]).toMatchObject({ attempts: 3, flags: ['URX'] })
})

test('a route whose time is over answers 504 with flag UT', async () => {
  const server = await upstream(() => undefined)
  const { port, recorded } = await plane(outboundView([route('reviews', { timeoutMs: 60 })], [cluster('reviews', [endpoint(server.port)])]))
  expect(await ask(port(), '/')).toMatchObject({ status: 504, body: expect.stringMatching(/^upstream request timeout \(id [\w-]{36}\)$/) })
  expect((await recorded(1))[0]).toMatchObject({ status: 504, flags: ['UT'] })
})

test('a fault delays and aborts', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const always = 1_000_000
  const fault = { delay: { ms: 40, partsPerMillion: always }, abort: { status: 555, partsPerMillion: always } }
  const { port, recorded } = await plane(outboundView([route('reviews', { fault })], [cluster('reviews', [endpoint(server.port)])]))
  expect((await ask(port(), '/')).status).toBe(555)
  expect(server.requests).toEqual([])
  const [record] = await recorded(1)
  expect(record?.flags.toSorted()).toEqual(['DI', 'FI'])
  expect(record?.durationMs).toBeGreaterThanOrEqual(36)
})

test('a client that leaves is flag DC, and the upstream is told', async () => {
  const events: string[] = []
  let wake = (): void => undefined
  const server = await upstream((request) => {
    events.push('arrived')
    wake()
    request.socket.on('close', () => {
      events.push('left')
      wake()
    })
  })
  const seen = (event: string): Promise<void> =>
    new Promise((resolve) => {
      wake = () => (events.includes(event) ? resolve() : undefined)
      wake()
    })
  const { port, recorded } = await plane(toOne(server.port))
  const client = await rawClient(port())
  client.send('GET / HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  await seen('arrived')
  client.destroy()
  await seen('left')
  expect((await recorded(1))[0]).toMatchObject({ status: 0, flags: ['DC'] })
})

const HOSTILE: Readonly<Record<string, string>> = {
  'content-length and transfer-encoding together':
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'two different content-lengths': 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde',
  'a content-length with a sign': 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +4\r\n\r\nabcd',
  'an unknown transfer-encoding': 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n',
  'a folded header line': 'GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n  2\r\n\r\n',
  'a space before the colon': 'GET / HTTP/1.1\r\nhost: a\r\ncontent-length : 0\r\n\r\n',
  'two hosts': 'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
  'no host': 'GET / HTTP/1.1\r\n\r\n',
  'a bare carriage return': 'GET / HTTP/1.1\r\nhost: a\r\nx: 1\r2\r\n\r\n',
  'a head without end': `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
  'too many headers': `GET / HTTP/1.1\r\nhost: a\r\n${'x: 1\r\n'.repeat(150)}\r\n`,
  'no HTTP at all': '\x16\x03\x01 hello\r\n\r\n',
}

for (const [what, bytes] of Object.entries(HOSTILE)) {
  test(`${what}: answered with an error, closed, and never sent on`, async () => {
    const server = await upstream((_request, response) => response.end('reached'))
    const { port } = await plane(toOne(server.port))
    const client = await rawClient(port())
    open.push({ close: () => client.destroy() })
    client.send(`${bytes}GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n`)
    const { text } = await client.closed()
    expect(text).toMatch(/^HTTP\/1\.1 [45]\d\d /)
    expect(text).not.toContain('reached')
    expect(server.requests).toEqual([])
  })
}
