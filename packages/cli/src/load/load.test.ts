import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { RunFile } from '../up/run-file.ts'
import { loadReport, loadText } from './report.ts'
import { sendAll, type Load } from './send-all.ts'
import { countsByVersion, splitsBetween } from './splits.ts'

let server: Server

afterEach(() => new Promise((done) => void (server.close(done), server.closeAllConnections())))

async function listen(answer: Parameters<typeof createServer>[1]): Promise<URL> {
  server = createServer({}, answer as never)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const load = (url: URL, more: Partial<Load> = {}): Load => ({
  url,
  method: 'GET',
  headers: [],
  requests: 50,
  concurrency: 4,
  signal: new AbortController().signal,
  ...more,
})

test('every request is sent once, over as many connections as were asked for', async () => {
  const sockets = new Set<unknown>()
  const seen: string[] = []
  const url = await listen((request, response) => {
    sockets.add(request.socket)
    seen.push(`${request.method} ${request.headers['end-user']}`)
    response.end('fine')
  })
  const results = await sendAll(load(url, { method: 'PUT', headers: [['end-user', 'jason']] }))
  expect(results.map((one) => one.status)).toEqual(Array(50).fill(200))
  expect(seen).toEqual(Array(50).fill('PUT jason'))
  expect(sockets.size).toBeLessThanOrEqual(4)
})

test('errors are counted by what they are, with an id to ask about', async () => {
  let count = 0
  const url = await listen((request, response) => {
    if (++count % 5 === 0) request.socket.destroy()
    else response.writeHead(count % 2 === 0 ? 503 : 200, { 'x-request-id': 'e71f00d5-1' }).end()
  })
  const report = loadReport(await sendAll(load(url, { concurrency: 1 })), [])
  expect(report).toMatchObject({ ok: 20, failed: 30 })
  expect(report.failures).toEqual([
    { what: '503', count: 20, id: 'e71f00d5-1' },
    { what: 'ECONNRESET', count: 10 },
  ])
  expect(loadText(report)).toContain('20 x 503 · why: meshctl explain e71f00d5')
})

test('an answer that ends too early is a failure', async () => {
  const url = await listen((request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half')
    setImmediate(() => request.socket.destroy())
  })
  expect(loadReport(await sendAll(load(url, { requests: 3 })), [])).toMatchObject({ ok: 0, failed: 3 })
})

test('after an interrupt no more is begun', async () => {
  const stop = new AbortController()
  const url = await listen((_request, response) => {
    stop.abort()
    response.end()
  })
  expect(await sendAll(load(url, { concurrency: 1, signal: stop.signal }))).toHaveLength(1)
})

test('versions are told from what the callers counted meanwhile', async () => {
  let served = 3
  const series = (version: string, value: number, reporter = 'source') =>
    `istio_requests_total{reporter="${reporter}",destination_version="${version}",destination_canonical_service="reviews",response_code="200"} ${value}\n`
  const url = await listen((_request, response) =>
    response.end(series('v1', served * 10) + series('v2', 7) + series('v3', served) + series('v1', served * 9, 'destination')),
  )
  const run = { workloads: [{ proxy: { metrics: url.origin } }, { proxy: null }] } as unknown as RunFile
  const before = await countsByVersion(run)
  served = 10
  const splits = splitsBetween(before, await countsByVersion(run))
  expect(splits).toEqual([
    {
      service: 'reviews',
      versions: [
        { version: 'v1', count: 70 },
        { version: 'v3', count: 7 },
      ],
    },
  ])
  const sent = (count: number) =>
    loadText(
      loadReport(
        Array.from({ length: count }, () => ({ status: 200, tookMs: 4.1 })),
        splits,
      ),
    )
  expect(sent(77)).toBe('77 ok, 0 failed · p50 4.1 ms p99 4.1 ms · reviews v1 70, v3 7')
  expect(sent(76)).toBe('76 ok, 0 failed · p50 4.1 ms p99 4.1 ms · reviews v1 70, v3 7 (of all 77 calls meanwhile)')
})

test('services are told by name, in whatever order their callers have counted them', () => {
  const after = new Map([
    ['reviews v2', 2],
    ['details v1', 3],
    ['reviews v1', 1],
  ])
  const told = splitsBetween(new Map(), after).map(({ service, versions }) => [service, ...versions.map(({ version }) => version)])
  expect(told).toEqual([
    ['details', 'v1'],
    ['reviews', 'v1', 'v2'],
  ])
})
