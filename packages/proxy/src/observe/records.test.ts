import { troubleOf } from '@mesh/core/call'
import { createRecordRing, recordPage, type RecordPage } from '@mesh/telemetry'
import { expect, test } from 'vitest'
import { recordsPage } from '../admin/records.ts'
import { ask } from '../testdata/client.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { heardAt, rawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, httpFilter, listener, outboundView, route, table, view } from '../testdata/views.ts'

const origin = (kind: string, name: string) => ({ kind, namespace: 'default', name, file: `${name}.yaml`, line: 8, column: 5 })
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/

test('a refused caller is told a sentence and the id; what decided stands in the record of that id', async () => {
  const empty = cluster('outbound|9080|v9|reviews', [], { origin: origin('DestinationRule', 'reviews-rule') })
  const routed = route(empty.name, { origin: origin('VirtualService', 'reviews-route') })
  const { port, kept } = await plane(outboundView([routed], [empty], { accessLog: false, edge: true }))
  const { status, body, headers } = await ask(port(), '/secret')
  const id = UUID.exec(body)?.[0]
  expect([status, body]).toEqual([503, `no healthy upstream (id ${id})`])
  expect(headers['x-request-id']).toBe(id)
  expect(JSON.stringify(headers)).not.toMatch(/reviews-|yaml|v9/)
  expect(kept).toMatchObject([{ requestId: id, snapshot: 'test', madeHere: true, routeOrigin: { name: 'reviews-route' } }])
  expect(troubleOf(kept[0]!)).toMatchObject({ code: 'UH', id, cause: { file: 'reviews-rule.yaml', line: 8 } })
})

test('what an upstream answered is kept with the route that was taken, and is no trouble', async () => {
  const server = await upstream((_request, response) => response.writeHead(500).end('mine'))
  const { port, kept } = await plane(
    outboundView([route('a', { origin: origin('VirtualService', 'a') })], [cluster('a', [endpoint(server.port)])]),
  )
  expect((await ask(port(), '/')).body).toBe('mine')
  expect(kept).toMatchObject([{ status: 500, madeHere: false, routeOrigin: { name: 'a' }, cause: undefined, failure: undefined }])
  expect(troubleOf(kept[0]!)).toBeUndefined()
})

test('a failed try leaves in the record what was said of it', async () => {
  const server = await rawUpstream((socket) => socket.once('data', () => socket.write('HTTP/1.1 abc\r\n\r\n')))
  const { port, kept } = await plane(outboundView([route('a')], [cluster('a', [endpoint(server.port)])]))
  expect((await ask(port(), '/')).status).toBe(502)
  expect(kept).toMatchObject([{ flags: ['UPE'], failure: expect.stringContaining('malformed') }])
})

test('what was no request has a record and an id as well', async () => {
  const { port, kept } = await plane(outboundView([], []))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n')
  const text = await client.until(/\(id .*\)/)
  expect(kept).toMatchObject([{ requestId: UUID.exec(text)?.[0], method: '-', status: 400, madeHere: true }])
  expect(troubleOf(kept[0]!)).toMatchObject({ code: 'DPE' })
})

test('a refused CONNECT is kept with the id that it was asked with', async () => {
  const { port, kept } = await plane(outboundView([], []))
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('CONNECT nowhere:443 HTTP/1.1\r\nHost: nowhere:443\r\nx-request-id: my-own-id\r\n\r\n')
  expect(await client.until(/\(id .*\)/)).toContain('(id my-own-id)')
  expect(kept).toMatchObject([{ method: 'CONNECT', authority: 'nowhere:443', requestId: 'my-own-id', flags: ['NR'] }])
})

test('a connection is kept when it ends, with the id of its CONNECT; one that could not be made says why', async () => {
  const server = await rawUpstream((socket) => socket.on('data', (chunk) => socket.end(chunk)))
  const opaque = (port: number) =>
    cluster('echo', port === 0 ? [] : [endpoint(port)], { protocol: 'tcp', origin: origin('Service', 'echo') })
  const made = await plane(outboundView([route('echo')], [opaque(server.port)]))
  const client = await rawClient(made.port())
  client.send('CONNECT echo:9000 HTTP/1.1\r\nHost: echo:9000\r\nx-request-id: tunnel-1\r\n\r\n')
  await client.until(/200/)
  client.send('hello')
  await client.closed()
  client.destroy()
  await made.recorded(1)
  expect(made.kept).toMatchObject([{ protocol: 'tcp', requestId: 'tunnel-1', bytesReceived: 5, bytesSent: 5, madeHere: false }])
  const none = await plane(outboundView([route('echo')], [opaque(0)]))
  const refused = await rawClient(none.port())
  open.push({ close: () => refused.destroy() })
  refused.send('CONNECT echo:9000 HTTP/1.1\r\nHost: echo:9000\r\nx-request-id: tunnel-2\r\n\r\n')
  expect(await refused.until(/\(id .*\)/)).toContain('(id tunnel-2)')
  expect(none.kept).toMatchObject([{ protocol: 'tcp', requestId: 'tunnel-2', flags: ['UH'], madeHere: true, cause: { name: 'echo' } }])
})

test('a connection that a policy refuses names the policy', async () => {
  const policy = {
    name: 'p',
    permissions: [{ kind: 'any' }],
    principals: [{ kind: 'any' }],
    origin: origin('AuthorizationPolicy', 'p'),
  } as const
  const filter = {
    kind: 'tcp',
    statPrefix: 'tcp',
    clusters: [{ cluster: 'echo', weight: 1 }],
    authz: [{ action: 'DENY', policies: [policy] }],
    idleTimeoutMs: 0,
    accessLog: false,
  } as const
  const { port, kept } = await plane(view({ listeners: [listener(0, filter, { direction: 'inbound' })], clusters: [cluster('echo', [])] }))
  await heardAt(port())
  expect(kept).toMatchObject([{ protocol: 'tcp', madeHere: true, cause: { name: 'p', file: 'p.yaml' } }])
})

test('the page of records answers what is asked, or says how to ask', async () => {
  const made = await plane(view({ listeners: [listener(0, httpFilter())], routes: [table('http_proxy', {})] }))
  await ask(made.port(), '/one', { headers: { 'x-request-id': 'abcdef-1' } })
  const ring = createRecordRing()
  for (const record of made.kept) ring.add(record)
  const page = (query: string) => recordsPage((wanted) => recordPage(ring, 42, wanted), new URLSearchParams(query))
  const told = JSON.parse((await page('id=abcdef')).body) as RecordPage
  expect(told).toMatchObject({
    startedMs: 42,
    first: 1,
    next: 2,
    records: [{ seq: 1, path: '/one', status: 404, trouble: { code: 'NR' } }],
  })
  expect(await page('id=ab')).toMatchObject({ status: 400, body: expect.stringContaining('at least 3 characters') })
})
