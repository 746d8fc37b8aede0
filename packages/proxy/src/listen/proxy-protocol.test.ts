import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { AuthzFilter, HttpFilterChain, Listener, Principal, TcpFilterChain, View } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { root } from '../testdata/pki.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, httpFilter, listener, route, table, view } from '../testdata/views.ts'

/** `192.0.2.1:51234` to `198.51.100.7:443`, in either version. */
const V1 = 'PROXY TCP4 192.0.2.1 198.51.100.7 51234 443\r\n'
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const V2 = `${SIGNATURE}\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x07\xc8\x22\x01\xbb`
const LOCAL = `${SIGNATURE}\x20\0\0\0`
const GET = 'GET / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n'

const edge = (more: Partial<HttpFilterChain> = {}): HttpFilterChain => httpFilter({ edge: true, forwardProxy: false, ...more })
const tcp = (more: Partial<TcpFilterChain> = {}): TcpFilterChain => ({
  kind: 'tcp',
  statPrefix: 'tcp',
  clusters: [{ cluster: 'shop', weight: 1 }],
  authz: [],
  idleTimeoutMs: 0,
  accessLog: true,
  ...more,
})

function gatewayView(appPort: number, filter: HttpFilterChain | TcpFilterChain = edge(), more: Partial<Listener> = {}): View {
  const protocol = filter.kind === 'tcp' ? 'tcp' : 'http/1.1'
  return view({
    listeners: [listener(0, filter, { direction: 'gateway', proxyProtocol: true, ...more })],
    routes: [table('http_proxy', { '*': [route('shop')] })],
    clusters: [cluster('shop', [endpoint(appPort)], { protocol })],
  })
}

const only = (kind: 'remote-ip' | 'direct-ip', address: string, action: AuthzFilter['action'] = 'ALLOW'): AuthzFilter => {
  const principals: readonly Principal[] = [{ kind, cidr: { address, prefix: 32 } }]
  return { action, policies: [{ name: 'here', permissions: [{ kind: 'any' }], principals }] }
}

/** Says whom it was told to answer. */
const forWhom = () => upstream((request, response) => response.end(`for ${request.headers['x-forwarded-for']}`))

async function client(port: number): Promise<RawClient> {
  const made = await rawClient(port)
  open.push({ close: () => made.destroy() })
  return made
}

/** All that is answered to these bytes until the connection ends, and how it ends. */
async function answerTo(port: number, bytes: string): Promise<{ readonly text: string; readonly reset: boolean }> {
  const made = await client(port)
  made.send(bytes)
  return made.closed()
}

test.each([
  ['version 1', V1],
  ['version 2', V2],
])('the client that a header of %s tells is the client from then on', async (_version, header) => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' } })
  expect((await answerTo(made.port(), header + GET)).text).toMatch(/^HTTP\/1.1 200 [^]*for 192\.0\.2\.1$/)
  expect((await made.recorded(1))[0]).toMatchObject({
    downstreamRemote: '192.0.2.1:51234',
    downstreamLocal: '198.51.100.7:443',
    forwardedFor: '192.0.2.1',
    status: 200,
  })
})

test.each([
  ['LOCAL', LOCAL],
  ['UNKNOWN', 'PROXY UNKNOWN\r\n'],
])('%s leaves a connection its own address', async (_kind, header) => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' } })
  expect((await answerTo(made.port(), header + GET)).text).toContain('for 127.0.0.1')
  expect((await made.recorded(1))[0]?.downstreamRemote).toMatch(/^127\.0\.0\.1:/)
})

test('policies judge the told address as the remote one, and the connection’s own as the direct one', async () => {
  const app = await forWhom()
  const statusUnder = async (filter: AuthzFilter, header: string): Promise<string> => {
    const made = await plane(gatewayView(app.port, edge({ authz: [filter] })), { self: { kind: 'gateway' } })
    return (await answerTo(made.port(), header + GET)).text.slice(9, 12)
  }
  for (const header of [V1, V2]) {
    expect(await statusUnder(only('remote-ip', '192.0.2.1'), header)).toBe('200')
    expect(await statusUnder(only('remote-ip', '192.0.2.1', 'DENY'), header)).toBe('403')
    expect(await statusUnder(only('remote-ip', '127.0.0.1'), header)).toBe('403')
    expect(await statusUnder(only('direct-ip', '127.0.0.1'), header)).toBe('200')
    expect(await statusUnder(only('direct-ip', '192.0.2.1'), header)).toBe('403')
  }
  expect(await statusUnder(only('remote-ip', '127.0.0.1'), LOCAL)).toBe('200')
})

test('a header may come in pieces, and the rest of its last one counts', async () => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' } })
  for (const header of [V1, V2]) {
    const sender = await client(made.port())
    sender.socket.setNoDelay(true)
    for (const byte of header + GET) sender.send(byte)
    expect((await sender.closed()).text).toContain('for 192.0.2.1')
  }
})

test('a connection whose header is missing, bad or cut off is reset and counted, and reaches nobody', async () => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' } })
  const bad = [GET, V1.replace('\r\n', '\n') + GET, V2.replace('\x21\x11', '\x21\x41') + GET, `${SIGNATURE}\x21\x11\xff\xff`]
  for (const bytes of bad) expect(await answerTo(made.port(), bytes)).toEqual({ text: '', reset: true })
  const cut = await client(made.port())
  cut.socket.end(V1.slice(0, 20))
  expect(await cut.closed()).toEqual({ text: '', reset: true })
  expect(made.plane.counters).toMatchObject({ proxyHeaderErrors: bad.length + 1, downstreamActive: 0 })
  expect(app.connections).toBe(0)
})

test('who looks whether the port is open, and goes, is no error', async () => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' } })
  const probe = await client(made.port())
  probe.socket.end()
  expect(await probe.closed()).toEqual({ text: '', reset: false })
  expect(made.plane.counters.proxyHeaderErrors).toBe(0)
})

test('a header that does not come in time ends the connection', async () => {
  const app = await forWhom()
  const made = await plane(gatewayView(app.port), { self: { kind: 'gateway' }, limits: { sniffMs: 50 } })
  expect(await answerTo(made.port(), V1.slice(0, 10))).toEqual({ text: '', reset: true })
  expect(await answerTo(made.port(), '')).toEqual({ text: '', reset: true })
  expect(made.plane.counters.sniffTimeouts).toBe(2)
})

test('TLS begins behind the header, in one piece with it or later', async () => {
  const app = await forWhom()
  const dir = mkdtempSync(join(tmpdir(), 'mesh-proxy-protocol-'))
  open.push({ close: () => rmSync(dir, { recursive: true }) })
  const signer = await root()
  const files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') }
  writeFileSync(files.certFile, signer.certificatePem)
  writeFileSync(files.keyFile, signer.privateKeyPem)
  const tls = { mode: 'file', alpn: ['http/1.1'], requireClientCert: false, trustDomains: [], ...files } as const
  const filter = edge({ authz: [only('remote-ip', '192.0.2.1')] })
  for (const sniffed of [true, false]) {
    const match = sniffed ? { sni: ['shop.example'] } : {}
    const more = { inspectTls: sniffed, chains: [{ name: 'shop', match, tls, filter }] }
    const made = await plane(gatewayView(app.port, filter, more), { self: { kind: 'gateway' } })
    for (const corked of [true, false]) {
      const { socket } = await client(made.port())
      if (corked) socket.cork()
      await new Promise<void>((resolve) => {
        socket.write(V2, 'latin1', () => resolve())
        if (corked) resolve()
      })
      const secured = connectTls({ socket, servername: 'shop.example', rejectUnauthorized: false })
      secured.write(GET)
      if (corked) process.nextTick(() => socket.uncork())
      let text = ''
      for await (const chunk of secured) text += String(chunk)
      expect(text).toContain('for 192.0.2.1')
    }
    expect((await made.recorded(2)).map(({ downstreamRemote }) => downstreamRemote)).toEqual(['192.0.2.1:51234', '192.0.2.1:51234'])
  }
})

test('a server that speaks first speaks behind the header, to whom the policy lets in', async () => {
  const server = await rawUpstream((socket) => socket.end('220 ready\r\n'))
  for (const inspectTls of [false, true]) {
    const allowed = gatewayView(server.port, tcp({ authz: [only('remote-ip', '192.0.2.1')] }), { inspectTls })
    const made = await plane(allowed, { self: { kind: 'gateway' } })
    for (const header of [V1, V2]) {
      const silent = await client(made.port())
      silent.send(header)
      expect(await silent.until(/ready/)).toBe('220 ready\r\n')
      silent.socket.end()
    }
    expect((await made.recorded(2))[0]).toMatchObject({ protocol: 'tcp', downstreamRemote: '192.0.2.1:51234', bytesReceived: 0 })
    expect(await answerTo(made.port(), LOCAL)).toEqual({ text: '', reset: true })
    expect((await made.recorded(3))[2]?.details).toContain('rbac_access_denied')
  }
})

test('connections end that came by another rule than the one in force', async () => {
  const app = await upstream((_request, response) => response.end('ok'))
  const without = view({ ...gatewayView(app.port), listeners: [listener(0, edge(), { direction: 'gateway' })] })
  for (const [before, after, header] of [
    [gatewayView(app.port), without, V1],
    [without, gatewayView(app.port), ''],
  ] as const) {
    const made = await plane(before, { self: { kind: 'gateway' } })
    const kept = await client(made.port())
    kept.send(`${header}GET / HTTP/1.1\r\nhost: shop\r\n\r\n`)
    await kept.until(/ok$/)
    await made.plane.apply(after)
    kept.send(GET)
    expect((await kept.closed()).text.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
  }
})
