import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { Cluster, View } from '@mesh/core/view'
import { ask } from '../testdata/client.ts'
import { frame, frameTypes } from '../testdata/h2-frames.ts'
import { h2Client } from '../testdata/h2.ts'
import { plane, rawUpstream } from '../testdata/open.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const toH2 = (port: number, more: Partial<Cluster> = {}): View =>
  outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], { protocol: 'h2', ...more })])

const HEADERS = 1
const takes = (calls: number): Buffer => frame(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, calls]))
const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

/** A server by hand: tells how many calls each of its connections takes, and counts those that it got. */
async function serving(calls: (connection: number) => number) {
  const sockets: Socket[] = []
  const begun: number[] = []
  const server = await rawUpstream((socket) => {
    const at = sockets.push(socket) - 1
    begun[at] = 0
    socket.write(takes(calls(at)))
    let preface = 24
    socket.on('data', (piece: Buffer) => {
      const frames = piece.subarray(preface)
      preface = Math.max(0, preface - piece.length)
      begun[at] = (begun[at] ?? 0) + frameTypes(frames).filter((type) => type === HEADERS).length
    })
  })
  return { server, sockets, begun }
}

test('a server that takes no call is not asked again and again', async () => {
  const { server } = await serving(() => 0)
  const { port } = await plane(toH2(server.port, { connectTimeoutMs: 100 }))
  expect((await Promise.all([ask(port(), '/'), ask(port(), '/')])).map(({ status }) => status)).toEqual([503, 503])
  expect(server.connections).toBe(1)
})

test('a server that takes calls only after a while gets them then', async () => {
  const { server, sockets, begun } = await serving(() => 0)
  const { port } = await plane(toH2(server.port))
  const client = h2Client(port())
  client.request({ ':path': '/', ':authority': 'a' }).on('error', () => undefined)
  while (sockets.length === 0) await turn()
  sockets[0]?.write(takes(1))
  while (begun[0] === 0) await turn()
  expect(server.connections).toBe(1)
})

test('a call that goes away while it waits at its second place waits there no longer', async () => {
  const { server, begun } = await serving(() => 1)
  const { port, plane: data } = await plane(toH2(server.port, { maxConnections: 1 }))
  const client = h2Client(port())
  const calls = [1, 2, 3].map(() => client.request({ ':path': '/', ':authority': 'a' }))
  for (const call of calls) call.on('error', () => undefined)
  while (begun[0] !== 1 || data.counters.upstreamPendingActive < 2) await turn()
  for (const call of calls.slice(1)) call.close(8)
  while (data.counters.downstreamRequestsActive > 1) await turn()
  expect(data.counters.upstreamPendingActive).toBe(0)
})

test('calls in line share the connection that is made for the first of them', async () => {
  const { server, sockets, begun } = await serving((connection) => (connection < 3 ? 1 : 100))
  const { port, plane: data } = await plane(toH2(server.port, { maxConnections: 3 }))
  const client = h2Client(port())
  for (let call = 0; call < 23; call++) client.request({ ':path': '/', ':authority': 'a' }).on('error', () => undefined)
  while (data.counters.upstreamPendingActive < 20) await turn()
  for (const socket of [...sockets]) socket.destroy()
  while ((begun[3] ?? 0) < 20) await turn()
  expect(server.connections).toBe(4)
})

test('what a server dismissed unseen is asked once more on another connection, whatever it is and without a retry policy', async () => {
  const seen: string[] = []
  const goaway = frame(7, 0, 0, Buffer.alloc(8))
  let connections = 0
  const server = await rawUpstream((socket) => {
    socket.write(takes(100))
    const first = connections++ === 0
    socket.on('data', (piece: Buffer) => {
      if (!piece.includes('body of the call')) return
      seen.push(first ? 'dismissed' : 'served')
      socket.write(first ? goaway : frame(HEADERS, 5, 1, Buffer.from([0x88])))
    })
  })
  const { port, plane: data } = await plane(toH2(server.port))
  expect(await ask(port(), '/', { method: 'POST', body: 'body of the call' })).toMatchObject({ status: 200 })
  expect(seen).toEqual(['dismissed', 'served'])
  expect(data.counters.upstreamStale).toBe(1)
})

test('what a server refuses for its load alone is left to the retry policy', async () => {
  const { server, sockets, begun } = await serving(() => 100)
  const { port, plane: data } = await plane(toH2(server.port))
  const answer = ask(port(), '/')
  while (begun[0] !== 1) await turn()
  sockets[0]?.write(frame(3, 0, 1, Buffer.from([0, 0, 0, 7])))
  expect((await answer).status).toBe(503)
  expect(data.counters.upstreamStale).toBe(0)
})
