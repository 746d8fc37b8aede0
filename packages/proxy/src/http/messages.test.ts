import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { ask } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { bodyOf } from '../testdata/upstream.ts'
import { settled } from '../testdata/settled.ts'
import { cluster, deny, endpoint, outboundView, route } from '../testdata/views.ts'

const toOne = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)])])

async function clientOf(port: number): Promise<RawClient> {
  const client = await rawClient(port)
  open.push({ close: () => client.destroy() })
  return client
}

test('hop-by-hop headers stay on their hop, those that Connection names included', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', (head) => {
      const seen = Buffer.from(head.toString().toLowerCase()).toString('base64')
      socket.write(
        `HTTP/1.1 200 OK\r\nconnection: x-private\r\nx-private: 1\r\nkeep-alive: timeout=9\r\nx-seen: ${seen}\r\ncontent-length: 0\r\n\r\n`,
      )
    })
  })
  const { port } = await plane(toOne(server.port))
  const answer = await ask(port(), '/', {
    headers: { connection: 'keep-alive, x-secret', 'x-secret': '1', te: 'trailers', 'proxy-connection': 'keep-alive', 'x-kept': '1' },
  })
  const seen = Buffer.from(String(answer.headers['x-seen']), 'base64').toString()
  expect(seen).toContain('x-kept: 1')
  for (const name of ['x-secret', 'te:', 'proxy-connection', 'keep-alive']) expect(seen).not.toContain(name)
  expect(answer.headers).not.toHaveProperty('x-private')
})

test('a caller that waits for 100 gets it when the upstream is there, and not when it is refused', async () => {
  const server = await upstream((request, response) => void bodyOf(request).then((body) => response.end(body)))
  const served = await plane(toOne(server.port))
  const client = await clientOf(served.port())
  client.send('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n')
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
  client.send('body')
  expect(await client.until(/body$/)).toContain('HTTP/1.1 200 OK')
  const refused = await plane(outboundView([route('reviews')], [cluster('reviews', [endpoint(server.port)])], { authz: [deny('p', '/')] }))
  const other = await clientOf(refused.port())
  other.send('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n')
  expect((await other.closed()).text).toMatch(/^HTTP\/1\.1 403 /)
})

test('a reply that comes before the request is complete is passed on, and both connections end', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig'))
  })
  const { port, plane: data } = await plane(toOne(server.port))
  const client = await clientOf(port())
  client.send('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\nbeginning')
  const { text } = await client.closed()
  expect(text).toMatch(/^HTTP\/1\.1 413 .*connection: close.*big$/is)
  expect(data.counters.upstreamActive).toBe(0)
})

test('an HTTP/1.0 client gets a body by the end of its connection, or keeps it when the length is known', async () => {
  const server = await upstream((request, response) => {
    if (request.url === '/known') response.setHeader('content-length', 5)
    else response.write('he')
    response.end(request.url === '/known' ? 'hello' : 'llo')
  })
  const { port } = await plane(toOne(server.port))
  const old = await clientOf(port())
  old.send('GET /unknown HTTP/1.0\r\nhost: a\r\n\r\n')
  const { text } = await old.closed()
  expect(text).toMatch(/\r\n\r\nhello$/)
  expect(text).not.toMatch(/transfer-encoding/i)
  const kept = await clientOf(port())
  kept.send('GET /known HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n')
  expect(await kept.until(/hello$/)).toMatch(/connection: keep-alive/i)
  kept.send('GET /known HTTP/1.0\r\nhost: a\r\nconnection: keep-alive\r\n\r\n')
  await kept.until(/hello.*hello$/s)
})

test('103 goes to the caller before its reply; 100 of the upstream does not', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      ),
    )
  })
  const { port } = await plane(toOne(server.port))
  const client = await clientOf(port())
  client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  const text = await client.until(/ok$/)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 103', 'HTTP/1.1 200'])
})

test('an upstream that speaks no HTTP is 502 with flag UPE', async () => {
  const server = await rawUpstream((socket) => socket.once('data', () => socket.write('SSH-2.0-OpenSSH\r\n\r\n')))
  const { port, recorded } = await plane(toOne(server.port))
  expect((await ask(port(), '/')).status).toBe(502)
  expect((await recorded(1))[0]?.flags).toEqual(['UPE'])
})

test('101 that nobody asked for is 502', async () => {
  const server = await rawUpstream((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
  )
  const { port } = await plane(toOne(server.port))
  expect((await ask(port(), '/')).status).toBe(502)
})

test('a slow reader holds its upstream back, and a slow upstream its writer', async () => {
  const total = 64 * 1024 * 1024
  const server = await upstream((request, response) => {
    if (request.method === 'GET') return void response.end(Buffer.alloc(total))
    request.once('readable', () => setImmediate(() => void bodyOf(request).then((body) => response.end(String(body.length)))))
  })
  const { port } = await plane(toOne(server.port))
  const client = await clientOf(port())
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve))
  // What the kernel's buffers take flows off; the rest must stay at the server for as long as the client does not read.
  const left = await settled(() => [...server.sockets].reduce((sum, socket) => sum + socket.writableLength, 0))
  expect(left).toBeGreaterThan(total / 2)
  let received = 0
  client.socket.on('data', (chunk) => (received += chunk.length))
  client.socket.resume()
  await client.closed()
  expect(received).toBeGreaterThan(total)
  expect((await ask(port(), '/', { method: 'POST', body: Buffer.alloc(total) })).body).toBe(String(total))
})
