import { X509Certificate } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { BroadcastChannel } from 'node:worker_threads'
import type { Cluster, FilterChain } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { ask, type Answer } from '../testdata/client.ts'
import { fleetOf, type TestFleet } from '../testdata/fleet.ts'
import { open, upstream } from '../testdata/open.ts'
import { root, source, svid } from '../testdata/pki.ts'
import { cluster, endpoint, httpFilter, listener, outboundView, route, table, view } from '../testdata/views.ts'

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
const toOne = (port: number, bounds: Partial<Cluster> = {}) =>
  outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], bounds)])

/** Calls over connections of their own, which the kernel deals out to the workers. */
const CALLS = 40
const all = ({ port }: TestFleet, path = '/'): readonly Promise<Answer>[] =>
  Array.from({ length: CALLS }, (_, index) => ask(port(), `${path}${index}`))

/** A server that answers nobody until it is told to. */
async function holding() {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  return { server, held }
}

/** How many of the calls were refused, as soon as there are so many. */
async function refusals(calls: readonly Promise<Answer>[], count: number): Promise<void> {
  let refused = 0
  for (const call of calls) void call.then(({ status }) => (refused += status === 503 ? 1 : 0))
  while (refused < count) await turn()
}

test('two worker threads have as many connections at work as there may be, and never one more', async () => {
  const held: ServerResponse[] = []
  let most = 0
  let done = 0
  const server = await upstream((_request, response) => {
    most = Math.max(most, held.push(response))
    if (held.length >= 3 || done >= 3 * CALLS) for (const one of held.splice(0)) one.end('ok')
  })
  const made = await fleetOf(toOne(server.port, { maxConnections: 3 }))
  const lane = async (): Promise<void> => {
    while (done < 3 * CALLS) {
      expect((await ask(made.port(), '/')).status).toBe(200)
      done++
    }
    for (const one of held.splice(0)) one.end('ok')
  }
  await Promise.all(Array.from({ length: 12 }, lane))
  expect(most).toBe(3)
  const { counters } = await made.fleet.report()
  expect(counters.upstreamActive).toBeLessThanOrEqual(3)
})

/** Routes by the first part of the path, each to a cluster with bounds of its own. */
const bounded = (ports: Readonly<Record<string, number>>) => {
  const retry = { attempts: 1, on: ['5xx'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 1, avoidTriedPicks: 0 }
  const bounds: Readonly<Record<string, Partial<Cluster>>> = {
    waiting: { maxConnections: 2, maxPendingRequests: 3 },
    requests: { maxRequests: 7 },
    retries: { maxRetries: 4 },
  }
  return outboundView(
    Object.keys(ports).map((name) =>
      route(name, {
        match: { path: { kind: 'prefix', value: `/${name}/` }, headers: [], query: [] },
        action: { kind: 'forward', clusters: [{ cluster: name, weight: 1 }], ...(name === 'retries' ? { retry } : {}) },
      }),
    ),
    Object.entries(ports).map(([name, port]) => cluster(name, [endpoint(port)], bounds[name])),
  )
}

test('calls that wait, calls under way and retries are as many over both workers as there may be', async () => {
  const [waiting, requests] = [await holding(), await holding()]
  const held: ServerResponse[] = []
  const seen = new Set<string>()
  const failing = await upstream((request, response) => {
    if (seen.has(request.url ?? '')) return void held.push(response)
    seen.add(request.url ?? '')
    response.writeHead(503).end()
  })
  const made = await fleetOf(bounded({ waiting: waiting.server.port, requests: requests.server.port, retries: failing.port }))
  const outcomes = async (name: string, most: number, responses: ServerResponse[]): Promise<number> => {
    const calls = all(made, `/${name}/`)
    let answered = 0
    for (const call of calls) void call.then(() => answered++)
    await refusals(calls, CALLS - most)
    while (answered < CALLS) {
      for (const response of responses.splice(0)) response.end('ok')
      await turn()
    }
    return (await Promise.all(calls)).filter(({ status }) => status === 200).length
  }
  expect(await outcomes('waiting', 2 + 3, waiting.held)).toBe(2 + 3)
  expect(await outcomes('requests', 7, requests.held)).toBe(7)
  expect(await outcomes('retries', 4, held)).toBe(4)
  expect((await made.fleet.report()).counters).toMatchObject({
    upstreamOverflow: CALLS - 5 + CALLS - 7,
    upstreamRetries: 4,
    upstreamRetryOverflow: CALLS - 4,
  })
})

test('numbers, records and access log tell of both workers as of one', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await fleetOf(toOne(server.port))
  await Promise.all(all(made))
  const report = await made.fleet.report()
  expect(report.counters).toMatchObject({ downstreamRequests: CALLS, upstreamRequests: CALLS, viewUpdates: 1, listenersBound: 1 })
  expect(report.hosts).toMatchObject([
    { cluster: 'reviews', port: server.port, stats: { rq_total: CALLS, rq_success: CALLS, rq_active: 0 } },
  ])
  const counted = (name: string): readonly string[] =>
    [...report.expose().matchAll(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'gm'))].map((one) => one[1] ?? '')
  expect(counted('istio_requests_total')).toEqual([`${CALLS}`])
  expect(counted('istio_request_duration_milliseconds_count')).toEqual([`${CALLS}`])
  const page = await made.fleet.records({}, 1)
  expect(page.records.map(({ seq }) => seq)).toEqual(Array.from({ length: CALLS }, (_, index) => index + 1))
  expect(new Set(page.records.map(({ path }) => path)).size).toBe(CALLS)
  while (made.lines.length < CALLS) await turn()
  expect(made.lines.filter((line) => line.includes('"GET /'))).toHaveLength(CALLS)
})

test('both workers take the turns of a round robin together', async () => {
  const served = [0, 0]
  const servers = await Promise.all(
    served.map((_, at) =>
      upstream((_request, response) => {
        served[at] = (served[at] ?? 0) + 1
        response.end('ok')
      }),
    ),
  )
  const endpoints = servers.map(({ port }) => endpoint(port))
  const made = await fleetOf(outboundView([route('reviews')], [cluster('reviews', endpoints)]))
  await Promise.all(all(made))
  expect(served).toEqual([CALLS / 2, CALLS / 2])
})

test('a worker that ends by what it throws gives back what it had, and is replaced; what it counted stays', async () => {
  const { server, held } = await holding()
  const main = new URL('../testdata/crashing-worker-main.ts', import.meta.url)
  const made = await fleetOf(toOne(server.port, { maxConnections: 4, maxPendingRequests: 0 }), { main })
  const { fleet } = made
  const first = all(made)
  const lost = Promise.allSettled(first)
  for (const call of first) call.catch(() => undefined)
  await refusals(
    first.map((call) => call.catch(() => ({ status: 0, headers: {}, body: '' }))),
    CALLS - 4,
  )
  while (held.length < 4) await turn()
  const crash = new BroadcastChannel('crash')
  open.push({ close: () => crash.close() })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  for (const worker of [0, 1]) crash.postMessage(worker)
  expect((await lost).filter(({ status }) => status === 'rejected')).toHaveLength(4)
  while (made.errors.length < 2) await turn()
  expect(made.errors).toEqual(Array(2).fill('a worker ended: its calls are lost, another one takes its place'))
  while (fleet.listeners.bound.length === 0 || server.sockets.size > 0) await turn()
  expect((await fleet.report()).counters).toMatchObject({ downstreamConnections: CALLS, downstreamActive: 0, upstreamOverflow: CALLS - 4 })
  expect((await fleet.records({}, 1)).records).toHaveLength(CALLS - 4)
  held.splice(0)
  const calls = all(made)
  await refusals(calls, CALLS - 4)
  while (held.length < 4) await turn()
  for (const response of held) response.end('ok')
  expect((await Promise.all(calls)).filter(({ status }) => status === 200)).toHaveLength(4)
  const { counters } = await fleet.report()
  expect(counters).toMatchObject({ downstreamConnections: 2 * CALLS, upstreamRequestsActive: 0, downstreamRequestsActive: 0 })
})

/** Makes workers stand still, until they are let go. */
function hang(...workers: readonly number[]): { readonly letGo: () => void } {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const channel = new BroadcastChannel('hang')
  const letGo = (): void => void Atomics.store(cell, 0, 1)
  open.push({ close: () => channel.close() }, { close: letGo })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  for (const worker of workers) channel.postMessage({ worker, cell })
  return { letGo }
}

const HANGING = { main: new URL('../testdata/hanging-worker-main.ts', import.meta.url), hungMs: 2_000 }

test('a worker that hangs is given up with what it had, gets no more connections, and is replaced', async () => {
  const { server, held } = await holding()
  const made = await fleetOf(toOne(server.port, { maxConnections: 4, maxPendingRequests: 0 }), HANGING)
  const seen = { served: 0, refused: 0 }
  const begin = (): void => {
    for (const call of all(made)) call.then(({ status }) => seen[status === 200 ? 'served' : 'refused']++).catch(() => undefined)
  }
  begin()
  while (held.length < 4 || seen.refused < CALLS - 4) await turn()
  const { letGo } = hang(0)
  while (made.errors.length === 0) await turn()
  expect(made.errors[0]).toMatch(/^a worker hangs: /)
  // All of these are taken by the other worker; as many as the first one had at work are at work now.
  begin()
  while (held.length + seen.refused < 2 * CALLS) await turn()
  expect((await made.fleet.report()).counters.workersHung).toBe(1)
  for (const response of held) response.end('ok')
  while (seen.served < 4) await turn()
  letGo()
  while (made.fleet.listeners.bound[0]?.others?.length !== 1) await turn()
  expect(made.errors[1]).toBe('a worker ended: its calls are lost, another one takes its place')
})

test('when all workers hang and none can be ended, the process is told to end', async () => {
  let told = 0
  const made = await fleetOf(outboundView([route('reviews')], []), { ...HANGING, onAllHung: () => told++ })
  const { letGo } = hang(0, 1)
  while (made.errors.filter((message) => message.startsWith('a worker hangs: ')).length < 2) await turn()
  expect(told).toBe(process.env['MESH_TEST_IO'] === 'fast' ? 1 : 0)
  letGo()
  while (made.fleet.listeners.bound[0]?.others?.length !== 1) await turn()
})

test('memory that is short is short for all workers, and told once', async () => {
  const server = await upstream((_request, response) => response.end('ok'))
  const made = await fleetOf(toOne(server.port), { memoryLimit: 1_048_576 })
  const calls = await Promise.allSettled(all(made))
  expect(calls.filter(({ status }) => status === 'rejected')).toHaveLength(CALLS)
  expect((await made.fleet.report()).counters).toMatchObject({
    overloadStopsConnections: 1,
    memoryLimitBytes: 1_048_576,
    overloadConnectionsRefused: CALLS,
    downstreamConnections: 0,
  })
})

test('listeners come and go with views; one whose address is taken is told, and bound once it is free', async () => {
  const made = await fleetOf(view({ listeners: [listener(0, httpFilter(), { name: 'a' })], routes: [table('http_proxy', {})] }))
  const { fleet } = made
  const a = made.port('a')
  expect((await ask(a, '/')).status).toBe(404)
  const other = createServer()
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const told: (string | undefined)[] = []
  fleet.listeners.watch(({ reason }) => told.push(reason))
  await fleet.apply(view({ listeners: [listener(port, httpFilter(), { name: 'b' })], routes: [table('http_proxy', {})] }))
  expect(fleet.listeners.unbound).toMatchObject([{ listener: 'b', port }])
  expect(told).toEqual([`127.0.0.1:${port} is taken`])
  await expect(ask(a, '/')).rejects.toThrow('ECONNREFUSED')
  await new Promise<void>((resolve) => void other.close(() => resolve()))
  while (fleet.listeners.unbound.length > 0) await turn()
  expect([told.at(-1), made.port('b'), (await ask(port, '/')).status]).toEqual([undefined, port, 404])
})

test('a drain lets calls under way end, and takes no new ones', async () => {
  const { server, held } = await holding()
  const made = await fleetOf(toOne(server.port))
  const port = made.port()
  const calls = all(made)
  while (held.length < CALLS) await turn()
  const drained = made.fleet.drain()
  const refused = async (): Promise<boolean> =>
    ask(port, '/late').then(
      () => false,
      () => true,
    )
  while (!(await refused())) held.splice(CALLS).forEach((late) => late.end())
  for (const response of held) response.end('ok')
  await drained
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(CALLS).fill(200))
})

test('all workers prove who they are with the SVID of the process, and with the next one once it is there', async () => {
  const signer = await root()
  const [first, next] = [await svid(signer, ID), await svid(signer, ID)]
  const identity = source(first)
  const chain: FilterChain = {
    name: 'mesh',
    match: { transport: 'tls' },
    tls: { mode: 'mesh', alpn: ['istio'], requireClientCert: false, trustDomains: ['cluster.local'] },
    filter: httpFilter(),
  }
  const inbound = listener(0, httpFilter(), { direction: 'inbound', inspectTls: true, chains: [chain] })
  const made = await fleetOf(view({ listeners: [inbound] }), { source: identity, identity: true })
  const shown = async (): Promise<ReadonlySet<string>> =>
    new Set(await Promise.all(Array.from({ length: CALLS }, () => serialOf(made.port()))))
  expect(await shown()).toEqual(new Set([new X509Certificate(first.certChainPem).serialNumber]))
  identity.replace(next)
  const renewed = new X509Certificate(next.certChainPem).serialNumber
  for (let serials = await shown(); serials.size > 1 || !serials.has(renewed); serials = await shown()) continue
  expect(made.fleet.identity.current?.svid).toBe(next)
  expect((await made.fleet.report()).counters.svidUpdates).toBe(2)
})

const ID = 'spiffe://cluster.local/ns/default/sa/productpage'

/** Serial number of the certificate that a server shows. */
function serialOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = connect({ host: '127.0.0.1', port, ALPNProtocols: ['istio'], rejectUnauthorized: false }, () => {
      resolve(client.getPeerCertificate().serialNumber)
      client.destroy()
    })
    client.on('error', reject)
  })
}
