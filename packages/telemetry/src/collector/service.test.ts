import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { readExposition, valueOf } from '../testdata/read-exposition.ts'
import { startCollector, type Collector } from './service.ts'

const SPAN = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  id: '00f067aa0ba902b7',
  kind: 'SERVER',
  timestamp: 1,
  duration: 2,
  tags: { a: 'b' },
}

let dir: string
let collector: Collector

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-collector-'))
  writeFileSync(join(dir, 'targets.json'), '[]')
  collector = await startCollector({ address: '127.0.0.1', port: 0, scrape: [], scrapeFile: join(dir, 'targets.json') })
})

afterEach(async () => {
  await collector.close()
  rmSync(dir, { recursive: true })
})

const at = (path: string): string => `http://127.0.0.1:${collector.port}${path}`
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(at('/api/v2/spans'), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

test('spans go in, traces come out', async () => {
  expect((await post(JSON.stringify([SPAN, { ...SPAN, id: '00f067aa0ba902b8', parentId: SPAN.id, unknown: 1 }]))).status).toBe(202)
  const trace = (await (await fetch(at(`/api/v2/trace/${SPAN.traceId}`))).json()) as unknown[]
  expect(trace).toEqual([SPAN, { ...SPAN, id: '00f067aa0ba902b8', parentId: SPAN.id }])
  expect(await (await fetch(at('/api/v2/traces?limit=5'))).json()).toEqual([trace])
  expect((await fetch(at('/api/v2/trace/1'))).status).toBe(404)
})

test('zipped spans are taken, a bomb is not', async () => {
  expect((await post(new Uint8Array(gzipSync(JSON.stringify([SPAN]))), { 'content-encoding': 'gzip' })).status).toBe(202)
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(LIMITS.collectorBodyBytes * 2, 0x20)))
  expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
  expect((await post('x', { 'content-encoding': 'br' })).status).toBe(413)
})

test.each([
  ['no JSON', '{', 400],
  ['no list', '{}', 400],
  ['a bad trace id', JSON.stringify([{ ...SPAN, traceId: 'x' }]), 400],
  ['tags that are no texts', JSON.stringify([{ ...SPAN, tags: { a: {} } }]), 400],
  ['a time before time', JSON.stringify([{ ...SPAN, timestamp: -1 }]), 400],
])('spans are refused with a reason: %s', async (_what, body, status) => {
  const reply = await post(body)
  expect(reply.status).toBe(status)
  expect((await reply.text()).trim()).not.toBe('')
})

test('a body of another type is refused, so that no web page can post spans', async () => {
  expect((await post(JSON.stringify([SPAN]), { 'content-type': 'text/plain' })).status).toBe(415)
})

test.each(['evil.example', '[127.0.0.1]', '::1'])('a read under the foreign host name %s is refused', async (host) => {
  const outgoing = request({ host: '127.0.0.1', port: collector.port, path: '/api/v2/traces', headers: { host } }).end()
  const [reply] = (await once(outgoing, 'response')) as [{ statusCode: number; resume(): void }]
  reply.resume()
  expect(reply.statusCode).toBe(403)
})

test('all pages of the targets file are one page; the file is read each time', async () => {
  const page = createServer((_request, response) => response.end('# TYPE x_total counter\nx_total 5\n'))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(page.address() as AddressInfo).port}`
  writeFileSync(join(dir, 'targets.json'), JSON.stringify([`http://${host}/metrics`, 'http://127.0.0.1:1/metrics']))
  const samples = readExposition(await (await fetch(at('/federate'))).text())
  expect(valueOf(samples, 'x_total', { instance: host })).toBe(5)
  expect([valueOf(samples, 'up', { instance: host }), valueOf(samples, 'up', { instance: '127.0.0.1:1' })]).toEqual([1, 0])
  page.close()
  page.closeAllConnections()
})

test('a targets file that cannot be read is an error of that request alone', async () => {
  writeFileSync(join(dir, 'targets.json'), '["ftp://x/"]')
  expect((await fetch(at('/federate'))).status).toBe(500)
  expect((await fetch(at('/ready'))).status).toBe(200)
})

test('it counts what it took and refused, and says so', async () => {
  await post(JSON.stringify([SPAN]))
  await post('nothing')
  const samples = readExposition(await (await fetch(at('/metrics'))).text())
  const counts = ['messages_total', 'messages_dropped_total', 'spans_total', 'spans_stored', 'traces_stored']
  expect(counts.map((name) => valueOf(samples, `zipkin_collector_${name}`))).toEqual([2, 1, 1, 1, 1])
})

test('changes by GET, reads by POST and unknown pages are refused', async () => {
  const statusOf = async (path: string, method: string) => (await fetch(at(path), { method })).status
  expect([await statusOf('/api/v2/spans', 'GET'), await statusOf('/federate', 'POST'), await statusOf('/nothing', 'GET')]).toEqual([
    404, 405, 404,
  ])
})
