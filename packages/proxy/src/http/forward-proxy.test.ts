import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { ask } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { cluster, deny, endpoint, httpFilter, listener, outboundView, route, table, view } from '../testdata/views.ts'

const passthrough = cluster('PassthroughCluster', [], { discovery: { kind: 'original-dst' } })
const openView = (port: number): View =>
  view({
    listeners: [listener(0, httpFilter())],
    routes: [table('http_proxy', { 'reviews:9080': [route('reviews')], '*': [route('PassthroughCluster', { name: 'allow_any' })] })],
    clusters: [cluster('reviews', [endpoint(port)]), passthrough],
  })
const closedView: View = outboundView([route('', { action: { kind: 'respond', status: 502 } })], [])

test('an absolute target is routed by its host, and reaches the upstream as a path', async () => {
  const server = await upstream((request, response) => response.end(`${request.headers.host} ${request.url}`))
  const { port } = await plane(openView(server.port))
  expect((await ask(port(), 'http://reviews:9080/reviews/1?a=b', { host: 'reviews:9080' })).body).toBe('reviews:9080 /reviews/1?a=b')
})

test('an unknown host is reached at the address that the caller asked for', async () => {
  const server = await upstream((request, response) => response.end(`direct ${request.headers.host}`))
  const { port, recorded } = await plane(openView(1))
  const host = `127.0.0.1:${server.port}`
  expect((await ask(port(), `http://${host}/x`, { host })).body).toBe(`direct ${host}`)
  expect((await recorded(1))[0]).toMatchObject({ cluster: 'PassthroughCluster', upstreamRemote: host })
})

test('a request that would come back to the proxy is refused', async () => {
  const made = await plane(openView(1))
  const host = `127.0.0.1:${made.port()}`
  expect((await ask(made.port(), `http://${host}/`, { host })).status).toBe(503)
  expect(made.plane.counters.loopsRefused).toBe(1)
})

test.each(['127.0.0.1', '0.0.0.0', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:FFFF:7F00:0001]'])(
  'neither this proxy nor what serves it is reached through it: %s',
  async (host) => {
    const admin = await upstream((_request, response) => response.end('secret'))
    const made = await plane(openView(1), { ownPlaces: [{ address: '127.0.0.1', port: admin.port }] })
    for (const place of [`${host}:${admin.port}`, `${host}:${made.port()}`]) {
      expect((await ask(made.port(), `http://${place}/`, { host: place })).status).toBe(503)
      const client = await rawClient(made.port())
      client.send(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n\r\n`)
      expect((await client.closed()).text).toMatch(/^HTTP\/1\.1 503 /)
    }
    expect([admin.connections, made.plane.counters.loopsRefused]).toEqual([0, 4])
    expect(made.plane.counters.upstreamConnections).toBe(0)
  },
)

test('what serves this proxy on all addresses of the machine is reached at none of them through it', async () => {
  const admin = await upstream((_request, response) => response.end('secret'))
  const made = await plane(openView(1), { ownPlaces: [{ address: '0.0.0.0', port: admin.port }] })
  for (const address of ['127.0.0.1', '127.64.0.9']) {
    const host = `${address}:${admin.port}`
    expect((await ask(made.port(), `http://${host}/`, { host })).status).toBe(503)
  }
  expect(made.plane.counters.loopsRefused).toBe(2)
})

test('places that were asked for in vain are forgotten', async () => {
  const made = await plane(openView(1), { limits: { sweepMs: 10 } })
  for (let port = 1; port <= 20; port++) {
    const host = `127.0.0.1:${port}`
    expect((await ask(made.port(), `http://${host}/`, { host })).status).toBe(503)
  }
  while ([...made.plane.pools.cluster(passthrough).pools].length > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('CONNECT to a host outside carries bytes as they are, and counts them as TCP', async () => {
  const server = await rawUpstream((socket) =>
    socket.on('data', (chunk) => socket.write(`echo ${chunk.toString()}`)).on('end', () => socket.end()),
  )
  const { port, recorded } = await plane(openView(1))
  const client = await rawClient(port())
  client.send(`CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\n\r\n`)
  await client.until(/^HTTP\/1\.1 200 [^\r]*\r\n\r\n$/)
  client.send('bytes')
  await client.until(/echo bytes$/)
  client.destroy()
  expect((await recorded(1))[0]).toMatchObject({ protocol: 'tcp', bytesReceived: 5, bytesSent: 10, cluster: 'PassthroughCluster' })
})

test('CONNECT to a service of the mesh is routed by the requests inside', async () => {
  const server = await upstream((request, response) => response.end(`inside ${request.url}`))
  const { port } = await plane(openView(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('CONNECT reviews:9080 HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  await client.until(/200/)
  client.send('GET /1 HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  expect(await client.until(/inside \/1/)).toContain('HTTP/1.1 200 OK')
})

test('CONNECT to a port of opaque bytes lives as long as its rule says', async () => {
  const server = await rawUpstream((socket) => socket.on('data', (chunk) => socket.write(chunk)))
  const echo = cluster('echo', [endpoint(server.port)], { protocol: 'tcp', maxConnectionDurationMs: 300 })
  const { port, recorded } = await plane(outboundView([route('echo')], [echo]))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('CONNECT echo:9000 HTTP/1.1\r\nhost: echo:9000\r\n\r\n')
  await client.closed()
  expect(client.text).toMatch(/^HTTP\/1\.1 200 /)
  expect((await recorded(1))[0]).toMatchObject({ protocol: 'tcp', flags: ['DT'], cluster: 'echo' })
})

test('CONNECT is refused where unknown hosts are, where nobody listens, and where it makes no sense', async () => {
  const shut = await plane(closedView)
  const open1 = await plane(openView(1))
  const inbound = await plane(outboundView([route('PassthroughCluster')], [passthrough], { forwardProxy: false }))
  for (const [made, status] of [
    [shut, '502'],
    [open1, '503'],
    [inbound, '405'],
  ] as const) {
    const client = await rawClient(made.port())
    client.send('CONNECT 127.0.0.1:1 HTTP/1.1\r\nhost: 127.0.0.1:1\r\n\r\n')
    expect((await client.closed()).text).toContain(`HTTP/1.1 ${status} `)
  }
})

test('a web socket is carried both ways after 101', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', (head) => {
      const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\nfirst`,
      )
      socket.on('data', (chunk) => socket.write(`got ${chunk.toString()}`))
    })
  })
  const { port, recorded } = await plane(openView(server.port))
  const client = await rawClient(port())
  client.send(
    'GET /chat HTTP/1.1\r\nhost: reviews:9080\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n',
  )
  const head = await client.until(/first$/)
  expect(head).toMatch(/^HTTP\/1\.1 101 /)
  expect(head).toContain('sec-websocket-accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=')
  client.send('frame')
  await client.until(/got frame$/)
  client.destroy()
  expect((await recorded(1))[0]).toMatchObject({ status: 101, path: '/chat', bytesReceived: 5 })
})

test('a web socket that a new policy forbids ends', async () => {
  const server = await rawUpstream((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\nfirst')),
  )
  const made = await plane(openView(server.port))
  const client = await rawClient(made.port())
  client.send('GET /chat HTTP/1.1\r\nhost: reviews:9080\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n')
  await client.until(/first$/)
  await made.plane.apply({ ...openView(server.port), listeners: [listener(0, httpFilter({ authz: [deny('p', '/chat')] }))] })
  expect((await client.closed()).reset).toBe(true)
  expect((await made.recorded(1))[0]).toMatchObject({ status: 101, flags: ['LR'] })
  expect(made.plane.counters.revokedConnections).toBe(1)
})

test('an upstream that answers an upgrade with a plain reply keeps the connection in HTTP', async () => {
  const server = await upstream((_request, response) => response.end('no'))
  const { port } = await plane(openView(server.port))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send(
    'GET / HTTP/1.1\r\nhost: reviews:9080\r\nupgrade: h2c\r\nconnection: Upgrade, HTTP2-Settings\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
  )
  await client.until(/\r\n\r\nno$/)
  client.send('GET / HTTP/1.1\r\nhost: reviews:9080\r\n\r\n')
  expect(await client.until(/no.*\r\n\r\nno$/s)).not.toContain('101')
})
