import { expect, test } from 'vitest'
import type { HttpFilterChain, Listener, View } from '@mesh/core/view'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import type { PlaneOptions } from '../testdata/plane.ts'
import { rawClient } from '../testdata/raw-client.ts'
import type { Upstream } from '../testdata/upstream.ts'
import { cluster, endpoint, httpFilter, listener, route, table, view } from '../testdata/views.ts'

const EDGE = { edge: true, forwardProxy: false } as const
const INBOUND = { forwardProxy: false } as const

function viewAt(direction: Listener['direction'], port: number, filter: Partial<HttpFilterChain>): View {
  return view({
    listeners: [listener(0, httpFilter(filter), { direction })],
    routes: [table('http_proxy', { reviews: [route('reviews')], '*': [route('PassthroughCluster')] })],
    clusters: [cluster('reviews', [endpoint(port)]), cluster('PassthroughCluster', [], { discovery: { kind: 'original-dst' } })],
  })
}

/** Answers with the head that it got, as its body. */
function mirror(): Promise<Upstream> {
  return upstream((request, response) => response.end(request.rawHeaders.join('|').toLowerCase()))
}

/** What is answered to these bytes, and the connection's end where there is one. */
async function answerTo(made: Awaited<ReturnType<typeof plane>>, bytes: string): Promise<string> {
  const client = await rawClient(made.port())
  open.push({ close: () => client.destroy() })
  client.send(bytes)
  return client.closed().then(({ text }) => text)
}

async function asked(direction: Listener['direction'], filter: Partial<HttpFilterChain>, head: string, options?: PlaneOptions) {
  const server = await mirror()
  const made = await plane(viewAt(direction, server.port, filter), options)
  return { made, server, text: await answerTo(made, `${head}\r\nconnection: close\r\n\r\n`) }
}

test.each([
  'GET https://reviews/ HTTP/1.1\r\nhost: reviews',
  'GET HTTPS://reviews HTTP/1.1\r\nhost: other',
  'GET / HTTP/1.1\r\nhost: reviews\r\nx-forwarded-proto: https',
  'GET / HTTP/1.1\r\nhost: reviews\r\nx-forwarded-proto: https\r\nX-Forwarded-Proto: https',
])('a gateway that was spoken to in plain text says http, whatever the request claims: %s', async (head) => {
  const { text } = await asked('gateway', EDGE, head)
  expect(text).toContain('x-forwarded-proto|http|')
  expect(text).not.toContain('https')
})

test('a redirect at a gateway that keeps the scheme keeps that of the connection', async () => {
  const away = route('', { action: { kind: 'redirect', status: 301, authority: 'elsewhere' } })
  const made = await plane(
    view({
      listeners: [listener(0, httpFilter(EDGE), { direction: 'gateway' })],
      routes: [table('http_proxy', { '*': [away] })],
    }),
  )
  const text = await answerTo(made, 'GET https://reviews/x HTTP/1.1\r\nhost: reviews\r\nconnection: close\r\n\r\n')
  expect(text).toMatch(/location: http:\/\/elsewhere\/x\r\n/)
})

test('a forward proxy passes on what the application says of its scheme', async () => {
  expect((await asked('outbound', {}, 'GET http://reviews/ HTTP/1.1\r\nhost: reviews')).text).toContain('x-forwarded-proto|http|')
  expect((await asked('outbound', {}, 'GET https://reviews/ HTTP/1.1\r\nhost: reviews')).text).toContain('x-forwarded-proto|https|')
})

test('a host outside that is asked for by https is never sent plain text', async () => {
  const outside = await mirror()
  const place = `127.0.0.1:${outside.port}`
  const made = await plane(viewAt('outbound', 1, {}))
  const text = await answerTo(made, `GET https://${place}/secret HTTP/1.1\r\nhost: ${place}\r\nconnection: close\r\n\r\n`)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(made.records[0]).toMatchObject({ details: 'https_without_connect' })
  expect(outside.connections).toBe(0)
})

test('an edge refuses header names with an underscore, drops them, or lets them pass, as it is told', async () => {
  const head = 'GET / HTTP/1.1\r\nhost: reviews\r\nx-a: 1\r\nX_Forwarded_For: 10.0.0.1\r\nx-b_c: 2'
  const refused = await asked('gateway', EDGE, head)
  expect(refused.text).toMatch(/^HTTP\/1\.1 400 .*connection: close/is)
  expect(refused.made.records[0]).toMatchObject({ status: 400, details: 'http1.unexpected_underscore', flags: ['DPE'] })
  expect([refused.server.connections, refused.made.plane.counters.downstreamUnderscoresRejected]).toEqual([0, 1])
  const dropped = await asked('gateway', EDGE, head, { underscores: 'drop' })
  expect(dropped.text).toContain('x-a|1')
  expect(dropped.text).not.toMatch(/x_forwarded|x-b_c/)
  expect(dropped.made.plane.counters.downstreamUnderscoresDropped).toBe(2)
  expect((await asked('gateway', EDGE, head, { underscores: 'allow' })).text).toContain('x_forwarded_for|10.0.0.1')
  expect((await asked('inbound', INBOUND, head)).text).toContain('x_forwarded_for|10.0.0.1')
})

test('a request of HTTP/1.0 must say its host as well', async () => {
  for (const [direction, filter] of [
    ['gateway', EDGE],
    ['inbound', INBOUND],
    ['outbound', {}],
  ] as const) {
    const { text, server, made } = await asked(direction, filter, 'GET / HTTP/1.0')
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(made.records[0]).toMatchObject({ details: 'http1.missing-host' })
    expect(server.connections).toBe(0)
  }
})

test('whoever speaks another protocol gets no reply that it would not understand, and the record says why', async () => {
  const made = await plane(viewAt('gateway', 1, EDGE))
  const client = await rawClient(made.port())
  client.send('INVALID CONNECTION PREFACE\r\n\r\n')
  expect((await client.closed()).text).toBe('')
  expect((await made.recorded(1))[0]).toMatchObject({ status: 400, details: 'http1.no-http', flags: ['DPE'] })
  expect(made.plane.counters.downstreamProtocolErrors).toBe(1)
})

test('a chunk that is none is answered 400 while no reply has begun, and the upstream never sees an end', async () => {
  let ended = false
  const server = await upstream((request) => {
    request.on('end', () => (ended = true)).on('error', () => undefined)
  })
  const made = await plane(viewAt('gateway', server.port, EDGE))
  const client = await rawClient(made.port())
  client.send('POST / HTTP/1.1\r\nhost: reviews\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
  while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  client.send('zz\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: reviews\r\n\r\n')
  const { text } = await client.closed()
  expect(text).toMatch(/^HTTP\/1\.1 400 .*connection: close/is)
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1)
  expect((await made.recorded(1))[0]).toMatchObject({ status: 400, details: 'http1.bad-chunk-size', flags: ['DPE'] })
  expect(ended).toBe(false)
  expect(made.plane.counters.upstreamActive).toBe(0)
})

test('a chunk that is none behind the beginning of a reply breaks the reply off', async () => {
  const server = await rawUpstream((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')))
  const made = await plane(viewAt('gateway', server.port, EDGE))
  const client = await rawClient(made.port())
  client.send('POST / HTTP/1.1\r\nhost: reviews\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
  await client.until(/half$/)
  client.send('zz\r\n')
  expect((await client.closed()).reset).toBe(true)
  expect((await made.recorded(1))[0]).toMatchObject({ status: 200, details: 'http1.bad-chunk-size', flags: ['DPE'] })
})
