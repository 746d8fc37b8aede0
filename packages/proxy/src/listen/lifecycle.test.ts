import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { ask, keepAliveAgent } from '../testdata/client.ts'
import { open, plane, upstream } from '../testdata/open.ts'
import { heardAt, rawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, httpFilter, listener, route, table, view } from '../testdata/views.ts'

const at = (to: Readonly<Record<string, number>>): View =>
  view({
    listeners: [listener(0, httpFilter())],
    routes: [table('http_proxy', { '*': [route(Object.keys(to)[0] ?? '')] })],
    clusters: Object.entries(to).map(([name, port]) => cluster(name, [endpoint(port)])),
  })

test('a view that changes under load fails no request, and kept connections follow it', async () => {
  const v1 = await upstream((_request, response) => response.end('v1'))
  const v2 = await upstream((_request, response) => response.end('v2'))
  const made = await plane(at({ v1: v1.port }))
  const port = made.port()
  const agent = keepAliveAgent(8)
  open.push({ close: () => agent.destroy() })
  let stop = false
  const worker = async (): Promise<readonly string[]> => {
    const seen: string[] = []
    while (!stop) {
      const { status, body } = await ask(port, '/', { agent })
      seen.push(status === 200 ? body : String(status))
    }
    return seen
  }
  const workers = Array.from({ length: 8 }, worker)
  for (let round = 0; round < 20; round++) {
    await made.plane.apply(at(round % 2 === 0 ? { v2: v2.port } : { v1: v1.port }))
    expect((await ask(port, '/', { agent })).body).toBe(round % 2 === 0 ? 'v2' : 'v1')
  }
  stop = true
  const seen = new Set((await Promise.all(workers)).flat())
  expect(seen).toEqual(new Set(['v1', 'v2']))
  expect(made.plane.counters.downstreamConnections).toBeLessThanOrEqual(8)
})

test('a listener that left the view takes no new connection, and finishes what it began', async () => {
  let answer = (): void => undefined
  const server = await upstream((_request, response) => {
    answer = () => response.end('late')
    response.writeHead(200, { 'content-length': 4 })
    response.flushHeaders()
  })
  const made = await plane(at({ v1: server.port }))
  const port = made.port()
  const client = await rawClient(port)
  client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await client.until(/\r\n\r\n/)
  await made.plane.apply(view({ clusters: [cluster('v1', [endpoint(server.port)])] }))
  await expect(rawClient(port)).rejects.toThrow(/ECONNREFUSED/)
  answer()
  expect((await client.closed()).text.endsWith('late')).toBe(true)
})

test('drain ends idle connections, lets calls finish with connection: close, and then is done', async () => {
  let answer = (): void => undefined
  const server = await upstream((request, response) => {
    if (request.url === '/quick') response.end('quick')
    else answer = () => response.end('slow')
  })
  const made = await plane(at({ v1: server.port }), { limits: { lingerMs: 20, sweepMs: 20 } })
  const [idle, busy] = [await rawClient(made.port()), await rawClient(made.port())]
  idle.send('GET /quick HTTP/1.1\r\nhost: a\r\n\r\n')
  await idle.until(/quick$/)
  busy.send('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n')
  while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
  const drained = made.plane.drain()
  expect((await idle.closed()).reset).toBe(false)
  answer()
  const { text } = await busy.closed()
  expect(text).toMatch(/connection: close/i)
  expect(text.endsWith('slow')).toBe(true)
  await drained
})

test('more connections than the process may have are refused and counted', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await plane(at({ v1: server.port }), { limits: { connections: 1 } })
  const first = await rawClient(made.port())
  first.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await first.until(/ok$/)
  expect(['', 'refused']).toContain(await heardAt(made.port()))
  expect(made.plane.counters.downstreamRefused).toBe(1)
  first.destroy()
})
