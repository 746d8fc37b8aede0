import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import type { Signer } from '@mesh/x509'
import { beforeAll, expect, test } from 'vitest'
import { acceptOf } from '../http/web-socket.ts'
import { ask } from '../testdata/client.ts'
import { ID, meshCluster, meshPair, type MeshPair, type PairOptions } from '../testdata/mesh-pair.ts'
import { open, plane, upstream } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { root, source, svid } from '../testdata/pki.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, listener, outboundView, route, view } from '../testdata/views.ts'

let ca: Signer

beforeAll(async () => {
  ca = await root()
})

const pair = (options: PairOptions = {}): Promise<MeshPair> => meshPair(ca, { ...options, cluster: { protocol: 'auto' } })

/** The sidecar of a caller whose cluster has its endpoint there. */
const caller = async (port: number): Promise<TestPlane> =>
  plane(outboundView([route('reviews')], [meshCluster(port, [ID.reviews], { protocol: 'auto' })]), {
    source: source(await svid(ca, ID.productpage)),
    self: { identity: true },
  })

const callAtOnce = async (port: number, calls: number): Promise<readonly string[]> => {
  const answers = await Promise.all(Array.from({ length: calls }, (_, at) => ask(port, `/${at}`)))
  return answers.map(({ status, body }) => `${status} ${body}`)
}

test('calls at once share one connection of HTTP/2, and each side records what it was spoken to in', async () => {
  const { client, server, app } = await pair()
  expect(await callAtOnce(client.port(), 30)).toEqual(Array.from({ length: 30 }, (_, at) => `200 app /${at}`))
  expect(server.plane.counters.downstreamConnections).toBe(1)
  expect(app.requests.length).toBe(30)
  expect((await client.recorded(30))[0]).toMatchObject({ version: 'HTTP/1.1', mutualTls: true })
  expect((await server.recorded(30))[0]).toMatchObject({ version: 'HTTP/2', mutualTls: true, peer: { principal: ID.productpage } })
})

test('beyond the calls that a server takes at once there is a second connection', async () => {
  const waiting: (() => void)[] = []
  const { client, server } = await pair({
    answer: (_request, response) => {
      waiting.push(() => response.end('done'))
      if (waiting.length === 130) for (const answer of waiting) answer()
    },
  })
  expect(new Set(await callAtOnce(client.port(), 130))).toEqual(new Set(['200 done']))
  expect(server.plane.counters.downstreamConnections).toBe(2)
})

test('a server that knows nothing of it is spoken to in HTTP/1.1, whatever its mesh', async () => {
  const { certChainPem, privateKeyPem, rootsPem } = await svid(ca, ID.reviews)
  const app = createHttpServer((request, response) => response.end(`${request.httpVersion} ${request.url}`))
  const protocols: unknown[] = []
  const other = createTlsServer({
    cert: certChainPem,
    key: privateKeyPem,
    ca: rootsPem,
    requestCert: true,
    ALPNProtocols: ['istio-h2', 'istio-http/1.1', 'h2', 'istio', 'http/1.1'],
  })
  other.on('secureConnection', (socket) => (protocols.push(socket.alpnProtocol), app.emit('connection', socket)))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => (app.closeAllConnections(), other.close()) })
  const client = await caller((other.address() as AddressInfo).port)
  for (let round = 0; round < 2; round++)
    expect(await callAtOnce(client.port(), 8)).toEqual(Array.from({ length: 8 }, (_, at) => `200 1.1 /${at}`))
  expect(new Set(protocols)).toEqual(new Set(['istio-http/1.1']))
  expect(protocols.length).toBeLessThanOrEqual(8)
})

test('endpoints without mesh TLS are spoken to in plain HTTP/1.1', async () => {
  const app = await upstream((request, response) => response.end(`${request.httpVersion} ${request.url}`))
  const { tls } = meshCluster(app.port)
  const made = cluster('reviews', [endpoint(app.port)], { protocol: 'auto', ...(tls === undefined ? {} : { tls }) })
  const { port } = await plane(outboundView([route('reviews')], [made]))
  expect(await callAtOnce(port(), 5)).toEqual(Array.from({ length: 5 }, (_, at) => `200 1.1 /${at}`))
})

test('nobody but a proxy of the mesh is offered HTTP/2 by that name, and TCP is never', async () => {
  const tcp = { kind: 'tcp', statPrefix: 't', clusters: [], authz: [], idleTimeoutMs: 0, accessLog: false } as const
  const tls = { mode: 'mesh', alpn: ['istio-peer-exchange', 'istio'], requireClientCert: true, trustDomains: ['cluster.local'] } as const
  const opaque = await plane(
    view({ listeners: [listener(0, tcp, { inspectTls: true, chains: [{ name: 'm', match: { transport: 'tls' }, tls, filter: tcp }] })] }),
    { source: source(await svid(ca, ID.reviews)), self: { identity: true } },
  )
  const { server } = await pair()
  const { certChainPem: cert, privateKeyPem: key } = await svid(ca, ID.productpage)
  const agreed = (port: number, ALPNProtocols: string[]): Promise<unknown> =>
    new Promise((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port, cert, key, ALPNProtocols, rejectUnauthorized: false }, () => {
        resolve(socket.alpnProtocol)
        socket.destroy()
      })
      socket.on('error', resolve)
    })
  expect(await agreed(server.port('inbound'), ['http/1.1', 'istio', 'mesh-h2'])).toBe('mesh-h2')
  expect(await agreed(server.port('inbound'), ['http/1.1', 'istio'])).toBe('istio')
  expect(await agreed(opaque.port(), ['mesh-h2', 'istio'])).toBe('istio')
})

test('a web socket has a connection of HTTP/1.1 to itself, beside the one that calls share', async () => {
  const { client, server, app } = await pair()
  expect(await callAtOnce(client.port(), 2)).toHaveLength(2)
  const seen = new Promise<string>((resolve) => {
    for (const one of app.sockets)
      one.server?.once('upgrade', ({ httpVersion, headers }, socket) => {
        socket.on('error', () => undefined)
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(headers['sec-websocket-key'] ?? '')}\r\n\r\nhello`,
        )
        resolve(`${httpVersion} ${headers['sec-websocket-key']}`)
      })
  })
  const raw = await rawClient(client.port())
  open.push({ close: () => raw.destroy() })
  raw.send(
    'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  expect(await raw.until(/hello/)).toMatch(/^HTTP\/1.1 101[^]*s3pPLMBiTxaQ9kYGzzhZRbK/)
  expect(await seen).toBe('1.1 dGhlIHNhbXBsZSBub25jZQ==')
  expect(server.plane.counters.downstreamConnections).toBe(2)
  raw.destroy()
  expect((await server.recorded(3)).map(({ version }) => version)).toEqual(['HTTP/2', 'HTTP/2', 'HTTP/1.1'])
})
