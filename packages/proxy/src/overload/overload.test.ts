import { expect, test } from 'vitest'
import { ask } from '../testdata/client.ts'
import { h2Ask, h2Client } from '../testdata/h2.ts'
import { open, plane, upstream } from '../testdata/open.ts'
import { heardAt, rawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'
import { SharedLevel } from './level.ts'

/** A proxy in front of a server that answers `ok`, whose memory is as short as the test says. */
async function proxyShortOfMemory() {
  const server = await upstream((_request, response) => response.end('ok'))
  const level = new SharedLevel()
  const view = outboundView([route('reviews')], [cluster('reviews', [endpoint(server.port)])])
  const made = await plane(view, { overload: level, limits: { sweepMs: 10, overloadIdleMs: 20 } })
  return { server, level, made, port: made.port() }
}

const GET = 'GET / HTTP/1.1\r\nhost: reviews\r\n\r\n'

test('while memory is short a request is answered 503 with flag OM, never reaches its upstream, and loses its connection', async () => {
  const { server, level, made, port } = await proxyShortOfMemory()
  level.level = 'stop-requests'
  const client = await rawClient(port)
  client.send(GET)
  const { text } = await client.closed()
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  expect(text).toMatch(/\r\nx-envoy-overloaded: true\r\n/)
  expect(text).toContain('This proxy has used up the memory that it may use (memoryLimit): it takes no new requests until some is free.')
  expect(server.requests).toHaveLength(0)
  expect(made.kept).toMatchObject([{ status: 503, flags: ['OM'], details: 'overload' }])
  expect(made.plane.counters).toMatchObject({ overloadRequestsRefused: 1, downstreamProtocolErrors: 0 })
  level.level = 'none'
  expect(await ask(port, '/')).toMatchObject({ status: 200, body: 'ok' })
})

test('a call that was taken on before ends as if nothing were', async () => {
  let answer = (): void => undefined
  const server = await upstream((_request, response) => (answer = () => response.end('late')))
  const level = new SharedLevel()
  const made = await plane(outboundView([route('reviews')], [cluster('reviews', [endpoint(server.port)])]), { overload: level })
  const client = await rawClient(made.port())
  client.send(GET)
  while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  level.level = 'stop-connections'
  answer()
  expect(await client.until(/late$/)).toMatch(/^HTTP\/1\.1 200 /)
  client.destroy()
})

test('a stream of HTTP/2 is refused in the same way, and its connection goes on', async () => {
  const { server, level, made, port } = await proxyShortOfMemory()
  const client = h2Client(port)
  const request = { ':method': 'GET', ':path': '/', ':authority': 'reviews' }
  expect(await h2Ask(client, request)).toMatchObject({ status: 200 })
  level.level = 'stop-requests'
  expect(await h2Ask(client, request)).toMatchObject({ status: 503, headers: { 'x-envoy-overloaded': 'true' } })
  expect(server.requests).toHaveLength(1)
  expect(made.kept.map(({ flags }) => flags)).toEqual([[], ['OM']])
})

test('when memory is shorter new connections are closed without a byte, those that are there stay', async () => {
  const { level, made, port } = await proxyShortOfMemory()
  const before = await rawClient(port)
  open.push({ close: () => before.destroy() })
  before.send(GET)
  await before.until(/ok$/)
  level.level = 'stop-connections'
  expect(['', 'refused']).toContain(await heardAt(port))
  expect(made.plane.counters).toMatchObject({ overloadConnectionsRefused: 1, downstreamRefused: 0 })
  before.send(GET)
  expect((await before.closed()).text).toMatch(/ 503 [\s\S]*memoryLimit/)
})

test('connections without a call end early, of either version of HTTP', async () => {
  const { level, made, port } = await proxyShortOfMemory()
  const client = await rawClient(port)
  client.send(GET)
  await client.until(/ok$/)
  const session = h2Client(port)
  await h2Ask(session, { ':path': '/', ':authority': 'reviews' })
  expect(made.plane.counters.overloadIdleClosed).toBe(0)
  level.level = 'close-idle'
  await Promise.all([client.closed(), new Promise((resolve) => session.once('close', resolve))])
  expect(made.plane.counters).toMatchObject({ overloadIdleClosed: 2, downstreamIdleTimeouts: 0 })
})
