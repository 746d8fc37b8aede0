import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  ACCESS_LOG,
  answer,
  gateway,
  objectsOf,
  routes,
  routeTo,
  staticHost,
  trafficPolicy,
} from '../packages/proxy/src/testdata/lone-gateway.ts'
import { ask } from './src/http.ts'
import { failures, load, Stream } from './src/load.ts'
import { freePorts, Standalone } from './src/standalone.ts'
import { until } from './src/wait.ts'

const CALLS = 600

let dir: string
const cleanups: (() => unknown)[] = []
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'mesh-workers-'))))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  rmSync(dir, { recursive: true, force: true })
})

/** A server that is at work on each request for a moment, and knows how many there were at once. */
async function upstream(): Promise<{ readonly port: number; most: number }> {
  const seen = { port: 0, most: 0 }
  let now = 0
  const server = http.createServer((_request, response) => {
    seen.most = Math.max(seen.most, ++now)
    setTimeout(() => {
      now--
      response.end('ok')
    }, 3)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  seen.port = (server.address() as AddressInfo).port
  return seen
}

const config = (port: number, server: number, body = ''): string =>
  objectsOf(
    ACCESS_LOG,
    gateway([{ port }], { istio: 'ingressgateway' }),
    routes([{ match: [{ uri: { exact: '/here' } }], ...answer(`here${body}`) }, routeTo('app.example', server)]),
    staticHost({ host: 'app.example', port: server, at: { v1: server } }),
    trafficPolicy('app.example', { connectionPool: { tcp: { maxConnections: 3 } } }),
  )

test('two workers under load are one proxy: in its bounds, its numbers, its log, its configuration and its end', async () => {
  const app = await upstream()
  const [port = 0, admin = 0] = await freePorts(2)
  const file = join(dir, 'edge.yaml')
  writeFileSync(file, config(port, app.port))
  const proxy = new Standalone(dir, ['--concurrency', '2', '--admin', String(admin)], ['--max-semi-space-size=4'])
  cleanups.push(() => proxy.stop('SIGKILL'))
  await proxy.serving()
  const url = `http://127.0.0.1:${port}`
  expect(failures(await load(CALLS, 24, (_index, agent) => ask(`${url}/`, { agent })))).toEqual([])
  expect(app.most).toBe(3)
  const page = async (path: string): Promise<string> => (await ask(`http://127.0.0.1:${admin}${path}`)).body
  expect(await page('/stats')).toContain(`downstream_rq_total: ${CALLS}\n`)
  expect(await page('/stats/prometheus')).toMatch(new RegExp(`^istio_requests_total\\{.*\\} ${CALLS}$`, 'm'))
  expect(await page('/clusters')).toContain(`app.example::127.0.0.1:${app.port}::rq_total::${CALLS}\n`)
  expect(JSON.parse(await page('/records?limit=1'))).toMatchObject({ next: CALLS + 1, records: [{ seq: CALLS }] })
  const stream = new Stream(`${url}/here`, { lanes: 8 })
  cleanups.push(() => stream.stop())
  writeFileSync(file, config(port, app.port, ' and now'))
  // Connections of their own, so that each worker is asked.
  await until('the new answer of all workers', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => ask(`${url}/here`)))
    return answers.every(({ body }) => body === 'here and now') ? true : undefined
  })
  const outcomes = await stream.stop()
  expect(failures(outcomes)).toEqual([])
  const total = Number(/^downstream_rq_total: (\d+)$/m.exec(await page('/stats'))?.[1])
  expect(await proxy.stop()).toBe(0)
  expect(proxy.stdout.split('\n')).toHaveLength(total + 1)
})

const ejecting = (port: number, good: number, bad: number): string =>
  objectsOf(
    ACCESS_LOG,
    gateway([{ port }], { istio: 'ingressgateway' }),
    routes([routeTo('app.example', good)]),
    staticHost({ host: 'app.example', port: good, at: { v1: good, v2: bad } }),
    trafficPolicy('app.example', { loadBalancer: { simple: 'ROUND_ROBIN' }, outlierDetection: { consecutive5xxErrors: 9 } }),
  )

test('two workers eject an endpoint together, and say which, why and by which line', async () => {
  const app = await upstream()
  let failed = 0
  const bad = http.createServer((_request, response) => {
    failed++
    response.writeHead(500).end()
  })
  await once(bad.listen(0, '127.0.0.1'), 'listening')
  cleanups.push(() => {
    bad.closeAllConnections()
    bad.close()
  })
  const [port = 0, admin = 0] = await freePorts(2)
  writeFileSync(join(dir, 'edge.yaml'), ejecting(port, app.port, (bad.address() as AddressInfo).port))
  const proxy = new Standalone(dir, ['--concurrency', '2', '--admin', String(admin)])
  cleanups.push(() => proxy.stop('SIGKILL'))
  await proxy.serving()
  // One after the other, on connections of their own: nine in a row at the endpoint, whichever worker sends them.
  for (let call = 0; call < 40; call++) await ask(`http://127.0.0.1:${port}/`)
  expect(failed).toBe(9)
  const page = async (path: string): Promise<string> => (await ask(`http://127.0.0.1:${admin}${path}`)).body
  expect(await page('/clusters')).toContain(`:${(bad.address() as AddressInfo).port}::health_flags::/failed_outlier_check\n`)
  expect(await page('/stats?filter=outlier')).toMatch(/ejections_active: 1\n(.*\n)*.*ejections_enforced_total: 1\n/)
  expect(await proxy.logged('the ejection', ({ msg }) => msg === 'an endpoint is ejected')).toMatchObject({
    reason: 'consecutive_5xx',
    rule: expect.stringMatching(/^DestinationRule default\/app \(.*edge\.yaml:\d+:\d+\)$/),
  })
})
