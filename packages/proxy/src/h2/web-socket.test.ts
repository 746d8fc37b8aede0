import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { acceptOf } from '../http/web-socket.ts'
import { frame, preface } from '../testdata/h2-frames.ts'
import { h2Client, h2Upstream } from '../testdata/h2.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { settled } from '../testdata/settled.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const toH1 = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)])])
const toH2 = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], { protocol: 'h2' })])

/** What a server of HTTP/1.1 answers to who wishes to speak WebSocket. */
function switching(request: Buffer): string {
  const key = /^sec-websocket-key: (\S+)/im.exec(request.toString())?.[1] ?? ''
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`
}

/** Asks over HTTP/2 for a tunnel. */
async function h2Tunnel(port: number, protocol = 'websocket'): Promise<{ call: ClientHttp2Stream; head: IncomingHttpHeaders }> {
  const client = h2Client(port)
  await new Promise((done) => client.once('remoteSettings', done))
  const call = client.request({ ':method': 'CONNECT', ':protocol': protocol, ':path': '/chat', ':scheme': 'http', ':authority': 'a' })
  call.on('error', () => undefined)
  return { call, head: await new Promise((done) => call.once('response', done)) }
}

test('each version of HTTP has its own opening handshake of a web socket', async () => {
  let asked = ''
  const h1 = await rawUpstream(
    (socket) => void socket.once('data', (head: Buffer) => socket.write(switching(head), () => (asked = head.toString()))),
  )
  const overH2 = (await h2Tunnel((await plane(toH1(h1.port))).port())).head
  expect([overH2[':status'], overH2['sec-websocket-accept']]).toEqual([200, undefined])
  expect(asked).toMatch(/^sec-websocket-key: [A-Za-z0-9+/]{22}==\r$/im)

  const seen: IncomingHttpHeaders[] = []
  const h2 = await h2Upstream((stream, headers) => (seen.push(headers), stream.respond({ ':status': 200 })), {
    enableConnectProtocol: true,
  })
  const raw = await rawClient((await plane(toH2(h2.port))).port())
  open.push({ close: () => raw.destroy() })
  raw.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
  expect(await raw.until(/\r\n\r\n/)).toMatch(/^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/im)
  expect(seen[0]?.['sec-websocket-key']).toBeUndefined()
})

test.each([
  ['does not change', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['changes without having understood', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
])('no tunnel over HTTP/2 is opened by an upstream of HTTP/1.1 that %s', async (_how, reply) => {
  const server = await rawUpstream((socket) => void socket.once('data', () => socket.write(reply)))
  const { port } = await plane(toH1(server.port))
  expect((await h2Tunnel(port())).head[':status']).toBe(502)
})

test('no tunnel over HTTP/2 is opened for a protocol that nobody takes', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const { port } = await plane(toH1(server.port))
  expect((await h2Tunnel(port(), 'connect-udp')).head[':status']).toBe(501)
  expect(server.requests).toEqual([])
})

test('a web socket passes in every pairing', async () => {
  const h1 = await rawUpstream((socket) => {
    socket.once('data', (head: Buffer) => {
      expect(head.toString()).toMatch(/^GET \/chat HTTP\/1.1\r\n[^]*upgrade: websocket/i)
      socket.write(switching(head))
      socket.on('data', (piece: Buffer) => socket.write(`echo ${piece.toString()}`))
    })
  })
  const h2 = await h2Upstream(
    (stream, headers) => {
      expect([headers[':method'], headers[':protocol'], headers[':path']]).toEqual(['CONNECT', 'websocket', '/chat'])
      stream.respond({ ':status': 200 })
      stream.on('data', (piece: Buffer) => stream.write(`echo ${piece.toString()}`))
    },
    { enableConnectProtocol: true },
  )
  for (const view of [toH1(h1.port), toH2(h2.port)]) {
    const { port } = await plane(view)
    const raw = await rawClient(port())
    open.push({ close: () => raw.destroy() })
    raw.send('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n')
    expect(await raw.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 101/)
    raw.send('one')
    expect(await raw.until(/echo one/)).toContain('echo one')
    const client = h2Client(port())
    await new Promise((done) => client.once('remoteSettings', done))
    const call = client.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', ':scheme': 'http', ':authority': 'a' })
    const status = new Promise((done) => call.once('response', (headers) => done(headers[':status'])))
    call.write('two')
    expect(await status).toBe(200)
    const echoed = new Promise((done) => call.once('data', (piece: Buffer) => done(piece.toString())))
    expect(await echoed).toBe('echo two')
    call.close()
  }
})

/** More than all buffers on the way. */
const MANY = 64 * 1024 * 1024
const WIDE = Buffer.from([0x7f, 0xff, 0, 0])
const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)])

test('a caller over HTTP/2 that does not read stops who writes into its tunnel, and gets all when it reads', async () => {
  let unsent = (): number => 0
  const server = await rawUpstream((socket) => {
    socket.once('data', (head: Buffer) => {
      socket.write(switching(head))
      socket.write(Buffer.alloc(MANY))
      unsent = () => socket.writableLength
    })
  })
  const client = await rawClient((await plane(toH1(server.port))).port())
  open.push({ close: () => client.destroy() })
  const fields = [[0x02], text('CONNECT'), [0x84, 0x86, 0x01], text('a'), [0x00], text(':protocol'), text('websocket')]
  let read = 0
  client.socket.removeAllListeners('data').on('data', (piece: Buffer) => (read += piece.length))
  client.socket.pause()
  client.socket.write(Buffer.concat([preface(), frame(1, 4, 1, Buffer.concat(fields.map((bytes) => Buffer.from(bytes))))]))
  while (unsent() === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(await settled(() => unsent())).toBeGreaterThan(MANY / 4)
  client.socket.resume()
  while (read < MANY) await new Promise((resolve) => setImmediate(resolve))
})

test('an upstream of HTTP/2 that does not read stops who writes into its tunnel, and gets all when it reads', async () => {
  let read = 0
  let resume = (): void => undefined
  const server = await rawUpstream((socket) => {
    const settings = frame(4, 0, 0, Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff, 0, 8, 0, 0, 0, 1]))
    socket.write(Buffer.concat([settings, frame(8, 0, 0, WIDE)]))
    socket.on('data', (piece: Buffer) => {
      read += piece.length
      if (!piece.includes(':protocol') && !piece.includes(frame(1, 4, 1).subarray(3))) return
      socket.write(frame(1, 4, 1, Buffer.from([0x88])))
      socket.pause()
      resume = () => socket.resume()
    })
  })
  const client = await rawClient((await plane(toH2(server.port))).port())
  open.push({ close: () => client.destroy() })
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n')
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 101/)
  client.socket.write(Buffer.alloc(MANY))
  expect(await settled(() => client.socket.writableLength)).toBeGreaterThan(MANY / 4)
  resume()
  while (read < MANY) await new Promise((resolve) => setImmediate(resolve))
})

test('what comes before the tunnel is open does not use up its room', async () => {
  const server = await rawUpstream((socket) => {
    let seen = 0
    socket.once('data', (head: Buffer) => {
      socket.on('data', (piece: Buffer) => (seen += piece.length) === 600_000 && socket.write('all'))
      setImmediate(() => socket.write(switching(head)))
    })
  })
  const client = h2Client((await plane(toH1(server.port))).port())
  await new Promise((done) => client.once('remoteSettings', done))
  const call = client.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/', ':scheme': 'http', ':authority': 'a' })
  call.write(Buffer.alloc(600_000))
  expect(await new Promise((done) => call.once('data', (piece: Buffer) => done(piece.toString())))).toBe('all')
})
