import { once } from 'node:events'
import { request, type ClientRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http2'
import type { Signer } from '@mesh/x509'
import { beforeAll, expect, test } from 'vitest'
import { ask } from '../testdata/client.ts'
import { h2Client } from '../testdata/h2.ts'
import { ID, meshCluster, meshPair, type MeshPair, type PairOptions } from '../testdata/mesh-pair.ts'
import { plane } from '../testdata/open.ts'
import { root, source, svid } from '../testdata/pki.ts'
import { settled } from '../testdata/settled.ts'
import { endpoint, outboundView, route } from '../testdata/views.ts'

let ca: Signer

beforeAll(async () => {
  ca = await root()
})

const pair = (options: PairOptions): Promise<MeshPair> => meshPair(ca, { ...options, cluster: { protocol: 'auto' } })
const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))

/** A call that its caller takes back as soon as the application has it. */
function hopeless(port: number): ClientRequest {
  return request({ host: '127.0.0.1', port, path: '/never', headers: { host: 'reviews:9080' } })
    .on('error', () => undefined)
    .end()
}

test('callers that give up take no other call with them, however many they are', async () => {
  let never = 0
  let answerLong = (): void => undefined
  const { client, server } = await pair({
    answer: (asked, response) => {
      if (asked.url === '/never') never++
      else if (asked.url === '/long') answerLong = () => void response.end('long')
      else response.end('short')
    },
  })
  const long = ask(client.port(), '/long')
  for (let round = 1; round <= 6; round++) {
    const calls = Array.from({ length: 60 }, () => hopeless(client.port()))
    while (never < round * 60) await turn()
    for (const call of calls) call.destroy()
    while (client.plane.counters.downstreamRequestsActive > 1) await turn()
  }
  expect(await ask(client.port(), '/short')).toMatchObject({ status: 200, body: 'short' })
  answerLong()
  expect(await long).toMatchObject({ status: 200, body: 'long' })
  expect(server.plane.counters.downstreamConnections).toBeGreaterThan(1)
  expect(server.plane.counters.downstreamProtocolErrors).toBe(0)
})

test('callers that do not read hold up nobody else', async () => {
  const large = Buffer.alloc(1_000_000, 'x')
  const { client, server, app } = await pair({ answer: (asked, response) => void response.end(asked.url === '/large' ? large : 'small') })
  const stalled = h2Client(client.port())
  const heads = Array.from({ length: 24 }, () => once(stalled.request({ ':path': '/large', ':authority': 'a' }), 'response'))
  expect((await Promise.all(heads)).map(([head]) => (head as IncomingHttpHeaders)[':status'])).toEqual(heads.map(() => 200))
  // All that the stalled ones may have on their way is on its way.
  await settled(() => [...app.sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0))
  expect(await ask(client.port(), '/small')).toMatchObject({ status: 200, body: 'small' })
  expect(Buffer.byteLength((await ask(client.port(), '/large')).body)).toBe(large.length)
  expect(server.plane.counters.downstreamConnections).toBe(1)
})

test('a sidecar that leaves under load loses no call, whatever its method', async () => {
  const [leaving, staying] = [await pair({}), await pair({})]
  const endpoints = [leaving, staying].map(({ server }) => endpoint(server.port('inbound'), { tls: 'istio' }))
  const reviews = meshCluster(0, [ID.reviews], { protocol: 'auto', discovery: { kind: 'static', endpoints } })
  const retry = {
    attempts: 2,
    on: ['connect-failure', 'refused-stream'],
    statuses: [],
    perTryTimeoutMs: 0,
    backoffBaseMs: 5,
    backoffMaxMs: 50,
    avoidTriedPicks: 5,
  }
  const action = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } as const
  const { port } = await plane(outboundView([route('reviews', { action })], [reviews]), {
    source: source(await svid(ca, ID.productpage)),
    self: { identity: true },
  })
  const statuses: number[] = []
  const call = async (calls: number): Promise<void> => {
    for (let at = 0; at < calls; at++) statuses.push((await ask(port(), '/', { method: 'POST', body: 'x' })).status)
  }
  await call(4)
  expect(leaving.app.requests.length).toBeGreaterThan(0)
  const calling = Promise.all(Array.from({ length: 8 }, () => call(25)))
  await turn()
  await leaving.server.plane.drain()
  await calling
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  expect(statuses).toHaveLength(204)
})
