import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { createMesh } from '../../mesh/create-mesh.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { undiciTransport } from '../undici/index.ts'
import { meshFetch } from './index.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(handler: Handler): Promise<number> {
  const server: Server = createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const says =
  (text: string): Handler =>
  (_request, response) =>
    void response.end(text)

/** `reviews` with a version per port. */
function registry(...ports: readonly number[]): string {
  const entries = ports.map(
    (port, index) => `
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: reviews-v${index + 1}-0, namespace: default }
spec: { address: 127.0.0.1, ports: { http: ${port} }, labels: { app: reviews, version: v${index + 1} } }`,
  )
  const subsets = ports.map((_, index) => `{ name: v${index + 1}, labels: { version: v${index + 1} } }`)
  return `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: default }
spec: { ports: [{ name: http, port: 9080 }], selector: { app: reviews } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: default }
spec: { host: reviews, subsets: [${subsets.join(', ')}] }${entries.join('')}`
}

const routes = (http: string): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: default }
spec: { hosts: [reviews], http: ${http} }`

function meshOf(...config: readonly string[]): Mesh {
  const mesh = createMesh({ config, self: { namespace: 'default', labels: { app: 'client' } } })
  expect(mesh.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return mesh
}

test('a call by the service name reaches an endpoint, and the response shows the URL that was asked', async () => {
  const mesh = meshOf(registry(await serve((request, response) => response.end(`${request.method} ${request.url}`))))
  const response = await meshFetch(mesh)('http://reviews:9080/reviews/0?x=1')
  expect([response.status, await response.text(), response.url]).toEqual([200, 'GET /reviews/0?x=1', 'http://reviews:9080/reviews/0?x=1'])
})

test('a split follows its weights', async () => {
  const mesh = meshOf(
    registry(await serve(says('v1')), await serve(says('v2'))),
    routes(
      '[{ route: [{ destination: { host: reviews, subset: v1 }, weight: 80 }, { destination: { host: reviews, subset: v2 }, weight: 20 }] }]',
    ),
  )
  let turn = 0
  const fetch = meshFetch(mesh, { chance: () => (turn++ % 10) / 10 })
  const seen: string[] = []
  for (let count = 0; count < 20; count++) seen.push(await (await fetch('http://reviews:9080/')).text())
  expect(new Set(seen)).toEqual(new Set(['v1', 'v2']))
})

test('headers choose the route', async () => {
  const mesh = meshOf(
    registry(await serve(says('v1')), await serve(says('v2'))),
    routes(
      '[{ match: [{ headers: { end-user: { exact: jason } } }], route: [{ destination: { host: reviews, subset: v2 } }] }, { route: [{ destination: { host: reviews, subset: v1 } }] }]',
    ),
  )
  const fetch = meshFetch(mesh)
  expect(await (await fetch('http://reviews:9080/', { headers: { 'end-user': 'jason' } })).text()).toBe('v2')
  expect(await (await fetch(new Request('http://reviews:9080/', { headers: { 'end-user': 'ann' } }))).text()).toBe('v1')
})

test('a try that could not connect goes to another endpoint with its body', async () => {
  const echo = await serve((request, response) => request.pipe(response))
  const mesh = meshOf(registry(await closedPort(), echo))
  const fetch = meshFetch(mesh, { chance: () => 0 })
  for (let count = 0; count < 4; count++) {
    const response = await fetch('http://reviews:9080/', { method: 'POST', body: 'hello' })
    expect([response.status, await response.text()]).toEqual([200, 'hello'])
  }
})

test('an endpoint that answers 5xx too often is called no more, and explain names it and the line', async () => {
  const seen = { good: 0, bad: 0 }
  const good = await serve((_request, response) => void response.end(`good ${++seen.good}`))
  const bad = await serve((_request, response) => {
    seen.bad++
    response.writeHead(500).end()
  })
  const ejecting = 'trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 50 } }, subsets:'
  const config = [{ file: 'shop.yaml', text: registry(good, bad).replace('subsets:', ejecting) }]
  const mesh = createMesh({ config, self: { namespace: 'default' } })
  const fetch = meshFetch(mesh)
  for (let call = 0; call < 40; call++) await (await fetch('http://reviews:9080/')).text()
  expect(seen).toEqual({ good: 37, bad: 3 })
  const { reasons, outcome } = mesh.explain('http://reviews:9080/')
  const told = reasons.find(({ outcome: text }) => text.includes('ejected'))
  expect(told).toMatchObject({
    outcome: `127.0.0.1:${bad} (reviews-v2-0) ejected by outlier detection`,
    origin: { file: 'shop.yaml', line: 10 },
  })
  expect(outcome).toMatchObject({ shares: [{ endpoints: [{ endpoint: { port: good } }] }] })
  mesh.update([...config, routes('[{ timeout: 3s, route: [{ destination: { host: reviews } }] }]')])
  await (await fetch('http://reviews:9080/')).text()
  expect(seen.bad).toBe(3)
})

test('nowhere to go is a response as from a sidecar', async () => {
  const down = await meshFetch(meshOf(registry(await closedPort())))('http://reviews:9080/')
  expect([down.status, await down.text()]).toEqual([
    503,
    expect.stringMatching(
      /^upstream connect error or disconnect\/reset before headers. reset reason: connection failure \(id [\w-]{36}\)$/,
    ),
  ])
  const none = await meshFetch(meshOf(registry()))('http://reviews:9080/')
  expect([none.status, await none.text()]).toEqual([503, expect.stringMatching(/^no healthy upstream \(id /)])
})

test('timeout and injected faults are honoured', async () => {
  const silent = await serve(() => undefined)
  const late = await meshFetch(meshOf(registry(silent), routes('[{ timeout: 50ms, route: [{ destination: { host: reviews } }] }]')))(
    'http://reviews:9080/',
  )
  expect([late.status, await late.text()]).toEqual([504, expect.stringMatching(/^upstream request timeout \(id /)])
  const fault = '[{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [{ destination: { host: reviews } }] }]'
  const broken = await meshFetch(meshOf(registry(silent), routes(fault)))('http://reviews:9080/')
  expect([broken.status, await broken.text()]).toEqual([418, expect.stringMatching(/^fault filter abort \(id /)])
})

test('bodies stream both ways', async () => {
  const mesh = meshOf(registry(await serve((request, response) => request.pipe(response))))
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const answer = meshFetch(mesh)('http://reviews:9080/', { method: 'POST', body: readable, duplex: 'half' } as RequestInit)
  await writer.write(new TextEncoder().encode('one'))
  const response = await answer
  const reader = response.body!.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('one')
  await writer.write(new TextEncoder().encode('two'))
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('two')
  await writer.close()
  expect((await reader.read()).done).toBe(true)
})

test('an abort ends a call that waits, one under way, and a body, with its reason', async () => {
  let hung: () => void = () => undefined
  const silent = await serve(() => hung())
  const reason = new Error('enough')
  const waiting = new AbortController()
  const fault = '[{ fault: { delay: { fixedDelay: 3600s, percentage: { value: 100 } } }, route: [{ destination: { host: reviews } }] }]'
  const delayed = meshFetch(meshOf(registry(silent), routes(fault)))('http://reviews:9080/', { signal: waiting.signal })
  waiting.abort(reason)
  await expect(delayed).rejects.toBe(reason)

  const going = new AbortController()
  hung = () => going.abort(reason)
  await expect(meshFetch(meshOf(registry(silent)))('http://reviews:9080/', { signal: going.signal })).rejects.toBe(reason)

  const reading = new AbortController()
  const slow = await serve((_request, response) => void response.write('begin'))
  const response = await meshFetch(meshOf(registry(slow)))('http://reviews:9080/', { signal: reading.signal })
  const text = response.text()
  reading.abort(reason)
  await expect(text).rejects.toBe(reason)
  await expect(meshFetch(meshOf(registry(slow)))('http://reviews:9080/', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('redirects are followed through the mesh', async () => {
  const port = await serve((request, response) => {
    if (request.url !== '/old') return response.end(`at ${request.url}`)
    response.writeHead(302, { location: '/new' }).end()
  })
  const fetch = meshFetch(meshOf(registry(port)))
  const followed = await fetch('http://reviews:9080/old')
  expect([await followed.text(), followed.url, followed.redirected]).toEqual(['at /new', 'http://reviews:9080/new', true])
  expect((await fetch('http://reviews:9080/old', { redirect: 'manual' })).status).toBe(302)
  await expect(fetch('http://reviews:9080/old', { redirect: 'error' })).rejects.toThrow(TypeError)
})

test('a host outside the mesh is left to the host untouched, unless the mesh refuses it', async () => {
  const seen: unknown[] = []
  const fetch = async (...args: unknown[]): Promise<Response> => {
    seen.push(args)
    return new Response('outside')
  }
  const init = { headers: { a: 'b' } }
  expect(await (await meshFetch(meshOf(registry()), { fetch })('http://example.com/', init)).text()).toBe('outside')
  expect(await (await meshFetch(meshOf(registry()), { fetch })('https://example.com/')).text()).toBe('outside')
  expect(seen).toEqual([
    ['http://example.com/', init],
    ['https://example.com/', undefined],
  ])
  const only = `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: REGISTRY_ONLY }" }`
  const refused = await meshFetch(meshOf(registry(), only), { fetch })('http://example.com/')
  expect([refused.status, seen.length]).toEqual([502, 2])
})

test('what fetch refuses is refused in the same way', async () => {
  const fetch = meshFetch(meshOf(registry()))
  await expect(fetch('http://')).rejects.toThrow(TypeError)
  const withBody: RequestInit = { body: 'x' }
  await expect(fetch('http://reviews:9080/', withBody)).rejects.toThrow(TypeError)
  await expect(fetch('http://reviews:9080/', { headers: { 'bad name': 'x' } })).rejects.toThrow(TypeError)
})

test('a closed mesh takes no calls', async () => {
  const mesh = meshOf(registry())
  mesh.close()
  await expect(meshFetch(mesh)('http://reviews:9080/')).rejects.toThrow('The mesh is closed.')
})

test('with undici the service keeps its name in the host header', async () => {
  const mesh = meshOf(registry(await serve((request, response) => response.end(request.headers.host))))
  const { transport, close } = undiciTransport()
  open.unshift(close)
  expect(await (await meshFetch(mesh, { transport })('http://reviews:9080/')).text()).toBe('reviews:9080')
})
