import type { AuthzFilter, TcpFilterChain, View } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { plane, open, rawUpstream } from '../testdata/open.ts'
import { heardAt, rawClient } from '../testdata/raw-client.ts'
import { cluster, ejecting, endpoint, listener, view } from '../testdata/views.ts'

const tcp = (more: Partial<TcpFilterChain> = {}): TcpFilterChain => ({
  kind: 'tcp',
  statPrefix: 'tcp',
  clusters: [{ cluster: 'echo', weight: 1 }],
  authz: [],
  idleTimeoutMs: 0,
  accessLog: true,
  ...more,
})
const tcpView = (port: number, filter: TcpFilterChain = tcp()): View =>
  view({
    listeners: [listener(0, filter, { name: 'tcp', direction: 'inbound' })],
    clusters: [cluster('echo', [endpoint(port)], { protocol: 'tcp' })],
  })
const DENY_ALL: AuthzFilter = {
  action: 'DENY',
  policies: [{ name: 'ns[default]-policy[none]-rule[0]', permissions: [{ kind: 'any' }], principals: [{ kind: 'any' }] }],
}

test('a client that ends its side still gets the whole answer', async () => {
  const server = await rawUpstream((socket) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('end', () => socket.end(`${text.length} bytes`))
  })
  const { port, recorded } = await plane(tcpView(server.port))
  const client = await rawClient(port('tcp'))
  open.push({ close: () => client.destroy() })
  client.send('x'.repeat(200_000))
  client.socket.end()
  expect(await client.closed()).toEqual({ text: '200000 bytes', reset: false })
  expect((await recorded(1)).at(-1)).toMatchObject({ protocol: 'tcp', bytesReceived: 200_000, bytesSent: 12, flags: [], cluster: 'echo' })
})

test('a server that speaks first is heard at once', async () => {
  const server = await rawUpstream((socket) => socket.write('220 ready\r\n'))
  const { port } = await plane(tcpView(server.port))
  const client = await rawClient(port('tcp'))
  open.push({ close: () => client.destroy() })
  expect(await client.until(/ready/)).toBe('220 ready\r\n')
})

test('a server that speaks first is heard where mesh TLS would be taken too', async () => {
  const server = await rawUpstream((socket) => socket.write('220 ready\r\n'))
  const chains = [
    {
      name: 'mesh',
      match: { transport: 'tls', alpn: ['istio'] },
      tls: { mode: 'mesh', alpn: ['istio'], requireClientCert: true, trustDomains: [] },
      filter: tcp(),
    },
    { name: 'plain', match: { transport: 'raw' }, filter: tcp() },
  ] as const
  const permissive = view({
    listeners: [listener(0, tcp(), { name: 'tcp', direction: 'inbound', inspectTls: true, chains })],
    clusters: [cluster('echo', [endpoint(server.port)], { protocol: 'tcp' })],
  })
  const { port } = await plane(permissive)
  const client = await rawClient(port('tcp'))
  open.push({ close: () => client.destroy() })
  expect(await client.until(/ready/)).toBe('220 ready\r\n')
})

test('a refused connection is reset, and says which policy did it', async () => {
  const server = await rawUpstream((socket) => socket.write('secret'))
  const { port, recorded } = await plane(tcpView(server.port, tcp({ authz: [DENY_ALL] })))
  expect(['', 'refused']).toContain(await heardAt(port('tcp')))
  expect((await recorded(1))[0]?.details).toContain('ns[default]-policy[none]-rule[0]')
  expect(server.connections).toBe(0)
})

test('a connection that a new policy forbids ends, one that it permits lives on', async () => {
  const server = await rawUpstream((socket) => socket.on('data', (chunk) => socket.write(chunk)))
  const made = await plane(tcpView(server.port))
  const client = await rawClient(made.port('tcp'))
  open.push({ close: () => client.destroy() })
  client.send('one')
  await client.until(/one/)
  await made.plane.apply(tcpView(server.port, tcp({ statPrefix: 'other' })))
  client.send('two')
  await client.until(/onetwo/)
  await made.plane.apply(tcpView(server.port, tcp({ authz: [DENY_ALL] })))
  expect((await client.closed()).reset).toBe(true)
})

test('an endpoint that refuses gives way to another; with none left the client is reset with flag UF', async () => {
  const dead = await rawUpstream(() => undefined)
  await dead.close()
  const server = await rawUpstream((socket) => socket.end('here'))
  const both = view({
    listeners: [listener(0, tcp(), { name: 'tcp' })],
    clusters: [cluster('echo', [endpoint(dead.port), endpoint(server.port)], { protocol: 'tcp' })],
  })
  const first = await plane(both)
  for (let index = 0; index < 4; index++) expect((await (await rawClient(first.port('tcp'))).closed()).text).toBe('here')
  const none = await plane(tcpView(dead.port))
  const client = await rawClient(none.port('tcp'))
  await client.closed()
  expect((await none.recorded(1))[0]?.flags).toEqual(['UF'])
})

test('a connection ends after as long as it may live, however busy, with flag DT', async () => {
  const server = await rawUpstream((socket) => socket.on('data', (chunk) => socket.write(chunk)))
  const made = await plane(tcpView(server.port, tcp({ maxConnectionDurationMs: 300 })))
  const client = await rawClient(made.port('tcp'))
  open.push({ close: () => client.destroy() })
  client.socket.on('data', (chunk) => client.socket.write(chunk))
  client.send('x')
  await client.closed()
  expect((await made.recorded(1))[0]).toMatchObject({ flags: ['DT'], details: 'max_connection_duration_reached' })
  expect(made.plane.counters.tcpMaxDuration).toBe(1)
})

test('an endpoint that takes no connections is ejected, and connections that are made begin its row anew', async () => {
  const server = await rawUpstream((socket) => socket.write('ready'))
  const endpoints = [endpoint(1), endpoint(server.port)]
  const outlierDetection = ejecting({ consecutive5xx: 3 })
  const made = await plane(
    view({
      listeners: [listener(0, tcp(), { name: 'tcp', direction: 'inbound' })],
      clusters: [cluster('echo', endpoints, { protocol: 'tcp', outlierDetection })],
    }),
  )
  for (let count = 0; count < 10; count++) {
    const client = await rawClient(made.port('tcp'))
    open.push({ close: () => client.destroy() })
    await client.until(/ready/)
  }
  expect(made.outliers).toMatchObject([{ kind: 'ejected', port: 1, reason: 'consecutive_5xx' }])
  expect(made.plane.counters.upstreamConnections).toBe(10 + 3)
})
