import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Cluster, View } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { ask, keepAliveAgent } from '../testdata/client.ts'
import { h2Upstream } from '../testdata/h2.ts'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import { heardAt, rawClient } from '../testdata/raw-client.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { cluster, endpoint, listener, outboundView, route, view } from '../testdata/views.ts'
import { countsAt, countsMemory, isUnused, type Bell } from '../workers/shared-counts.ts'

const RETRY = { attempts: 2, on: ['5xx', 'reset'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 1, avoidTriedPicks: 0 }
const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

const calls = (port: number, bounds: Partial<Cluster>): View => {
  const retry = bounds.maxRetries === undefined ? {} : { retry: RETRY }
  const action = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], ...retry } as const
  return outboundView([route('reviews', { action })], [cluster('reviews', [endpoint(port)], bounds)])
}

/** Two data planes that share the bounds of their one cluster, as workers do. */
async function two(view: View, memory = countsMemory({ workers: 2, slots: 1 })): Promise<readonly [TestPlane, TestPlane]> {
  const planes: TestPlane[] = []
  const ring = (from: number, word: 'ask' | 'tell'): void =>
    void setImmediate(() => planes.forEach((made, worker) => worker !== from && made.plane.pools.hear('reviews', word)))
  const start = async (worker: number): Promise<TestPlane> => {
    const bell: Bell = { ask: () => ring(worker, 'ask'), tell: () => ring(worker, 'tell') }
    const made = await plane(view, { countsOf: () => countsAt(memory, { slot: 0, worker }, bell) })
    planes.push(made)
    return made
  }
  return [await start(0), await start(1)]
}

function agent() {
  const made = keepAliveAgent()
  open.push({ close: () => made.destroy() })
  return made
}

test('a connection that is idle in one worker is closed for a call that waits in the other, and only then the next is opened', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const [a, b] = await two(calls(server.port, { maxConnections: 1 }))
  for (const made of [a, b, a]) expect((await ask(made.port(), '/')).body).toBe('ok')
  expect(server.connections).toBe(3)
  expect(server.sockets.size).toBe(1)
})

test('two workers under load have all of their connections at work, never more, and neither starves', async () => {
  const held: ServerResponse[] = []
  const done = [0, 0]
  let most = 0
  const enough = (): boolean => Math.min(...done) >= 20
  const server = await upstream((_request, response) => {
    most = Math.max(most, held.push(response))
    // Whoever is answered earlier would hide that a connection is missing.
    if (held.length >= 3 || enough()) for (const one of held.splice(0)) one.end('ok')
  })
  const planes = await two(calls(server.port, { maxConnections: 3 }))
  const lane = async (worker: number): Promise<void> => {
    while (!enough()) {
      const { port } = planes[worker] as TestPlane
      expect((await ask(port(), '/')).status).toBe(200)
      done[worker] = (done[worker] ?? 0) + 1
    }
    for (const one of held.splice(0)) one.end('ok')
  }
  await Promise.all([0, 0, 0, 0, 1, 1, 1, 1].map(lane))
  expect(most).toBe(3)
})

test('one connection serves two workers in turn, however many calls wait in each', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const [a, b] = await two(calls(server.port, { maxConnections: 1 }))
  const answers = await Promise.all([a, b].flatMap(({ port }) => Array.from({ length: 10 }, () => ask(port(), '/', { agent: agent() }))))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(server.sockets.size).toBe(1)
})

test('calls that wait are bounded over both workers', async () => {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  const [a, b] = await two(calls(server.port, { maxConnections: 1, maxPendingRequests: 1 }))
  const first = ask(a.port(), '/1')
  while (held.length === 0) await turn()
  const second = ask(b.port(), '/2')
  while (b.plane.counters.upstreamPendingActive === 0) await turn()
  expect([(await ask(a.port(), '/3')).status, (await ask(b.port(), '/4')).status]).toEqual([503, 503])
  held[0]?.end('one')
  expect((await first).body).toBe('one')
  while (held.length === 1) await turn()
  held[1]?.end('two')
  expect((await second).body).toBe('two')
})

test('calls under way are bounded over both workers', async () => {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  const [a, b] = await two(calls(server.port, { maxRequests: 2 }))
  const asked = [ask(a.port(), '/1'), ask(b.port(), '/2')]
  while (held.length < 2) await turn()
  expect([(await ask(a.port(), '/3')).status, (await ask(b.port(), '/4')).status]).toEqual([503, 503])
  for (const response of held) response.end('ok')
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200])
})

test('a connection of HTTP/2 that is never idle takes no more calls once another worker waits for one', async () => {
  const streams: ServerHttp2Stream[] = []
  const server = await h2Upstream((stream) => void streams.push(stream))
  const [a, b] = await two(calls(server.port, { maxConnections: 1, protocol: 'h2' }))
  const answer = (at: number): void => {
    streams[at]?.respond({ ':status': 200 })
    streams[at]?.end(`${at}`)
  }
  const first = ask(a.port(), '/1')
  while (streams.length < 1) await turn()
  const second = ask(b.port(), '/2')
  while (b.plane.counters.upstreamPendingActive < 1) await turn()
  // It is asked to leave in another turn.
  for (let turns = 0; turns < 5; turns++) await turn()
  const third = ask(a.port(), '/3')
  while (a.plane.counters.upstreamPendingActive < 1) await turn()
  answer(0)
  while (streams.length < 2) await turn()
  answer(1)
  expect([(await first).body, (await second).body]).toEqual(['0', '1'])
  while (streams.length < 3) await turn()
  answer(2)
  expect((await third).body).toBe('2')
  expect([server.opened(), server.sessions.size]).toEqual([3, 1])
})

test('connections of opaque bytes are as many over both workers as there may be', async () => {
  const server = await rawUpstream((socket) => {
    socket.write('hello')
    socket.on('end', () => socket.end()).resume()
  })
  const filter = {
    kind: 'tcp',
    statPrefix: 'tcp',
    clusters: [{ cluster: 'reviews', weight: 1 }],
    authz: [],
    idleTimeoutMs: 0,
    accessLog: false,
  } as const
  const bounds = { protocol: 'tcp', maxConnections: 2 } as const
  const [a, b] = await two(view({ listeners: [listener(0, filter)], clusters: [cluster('reviews', [endpoint(server.port)], bounds)] }))
  const clients = [await rawClient(a.port()), await rawClient(b.port())]
  for (const client of clients) await client.until(/hello/)
  for (const made of [a, b]) {
    expect(await heardAt(made.port())).not.toContain('hello')
    while (made.kept.length === 0) await turn()
    expect(made.kept).toMatchObject([{ flags: ['UO'] }])
  }
  clients[1]?.destroy()
  while (server.sockets.size > 1) await turn()
  const next = await rawClient(a.port())
  await next.until(/hello/)
})

test('whatever ends a call, it is counted out again, and the bound is kept all the while', async () => {
  let now = 0
  let most = 0
  let seen = 0
  const server = await upstream((request, response) => {
    most = Math.max(most, ++now)
    const kind = seen++ % 5
    const over = (): void => {
      now--
      if (kind === 0) response.writeHead(503).end()
      else if (kind === 1) request.socket.destroy()
      else response.end('ok')
    }
    setImmediate(over)
  })
  const memory = countsMemory({ workers: 2, slots: 1 })
  const planes = await two(calls(server.port, { maxConnections: 3, maxPendingRequests: 6, maxRequests: 8, maxRetries: 2 }), memory)
  const lane = async (number: number): Promise<void> => {
    const { port } = planes[number % 2] as TestPlane
    for (let call = 0; call < 30; call++) {
      const asked = ask(port(), '/').catch(() => undefined)
      // Some callers do not wait for the answer.
      if ((call + number) % 4 === 0) {
        const client = await rawClient(port())
        client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
        await turn()
        client.destroy()
      }
      await asked
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, index) => lane(index)))
  expect(most).toBeLessThanOrEqual(3)
  expect(seen).toBeGreaterThan(100)
  for (const { plane: data } of planes) data.close()
  while (!isUnused(memory, 0)) await turn()
})
