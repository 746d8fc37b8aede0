import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { useSample } from './src/standalone-sample.ts'
import { freePorts, Standalone } from './src/standalone.ts'
import { until } from './src/wait.ts'

let dir: string
const cleanups: (() => unknown)[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-hot-restart-'))
  mkdirSync(join(dir, 'config'))
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  rmSync(dir, { recursive: true, force: true })
})

async function upstream(): Promise<number> {
  const server = http.createServer((request, response) => setTimeout(() => response.end(`v1 ${request.url}`), 5)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function start(...args: string[]): Standalone {
  const proxy = new Standalone(join(dir, 'config'), ['--hot-restart', join(dir, 'sockets'), ...args])
  cleanups.push(() => proxy.stop('SIGKILL'))
  return proxy
}

test.each([
  { restarts: 20, concurrency: '1' },
  { restarts: 5, concurrency: '2' },
])(
  '$restarts successors with a concurrency of $concurrency under load: not one request fails, and each predecessor ends by itself',
  async (run) => {
    const { restarts, concurrency } = run
    const [v1, [port = 0, admin = 0]] = [await upstream(), await freePorts(2)]
    useSample(join(dir, 'config'), { 8080: port, 9001: v1, 9002: v1 })
    const url = `http://127.0.0.1:${port}/hello`
    const next = (): Standalone => start('--admin', String(admin), '--concurrency', concurrency)
    let current = next()
    await current.serving()
    const kept = new Stream(url, { lanes: 4 })
    const fresh = new Stream(url, { lanes: 4, headers: { connection: 'close' } })
    cleanups.push(() => Promise.all([kept.stop(), fresh.stop()]))
    const predecessors: Standalone[] = []
    for (let round = 0; round < restarts; round++) {
      predecessors.push(current)
      current = next()
      await current.serving()
    }
    await until('all predecessors to end', () => predecessors.every(({ process }) => process.exitCode === 0) || undefined, 60_000)
    const outcomes = [...(await kept.stop()), ...(await fresh.stop())]
    expect(failures(outcomes)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(restarts * 20)
    expect((await ask(`http://127.0.0.1:${admin}/ready`)).body).toBe('LIVE\n')
    expect(await current.stop()).toBe(0)
  },
)

test('a successor that cannot serve leaves its predecessor as it is', async () => {
  const [v1, [port = 0]] = [await upstream(), await freePorts(1)]
  useSample(join(dir, 'config'), { 8080: port, 9001: v1, 9002: v1 })
  const proxy = start()
  await proxy.serving()
  copyFileSync(join(dir, 'config/gateway.yaml'), join(dir, 'gateway.yaml'))
  rmSync(join(dir, 'config/gateway.yaml'))
  const failed = start()
  const [code] = (await once(failed.process, 'exit')) as [number]
  expect(code).toBe(1)
  expect(failed.stderr).toContain('Nothing can be served')
  copyFileSync(join(dir, 'gateway.yaml'), join(dir, 'config/gateway.yaml'))
  const answer = await until('the predecessor', async () => {
    const got = await ask(`http://127.0.0.1:${port}/hello`)
    return got.status === 200 ? got : undefined
  })
  expect(answer.body).toBe('v1 /hello')
  expect(proxy.process.exitCode).toBeNull()
})

test('a successor with another concurrency is refused by name, and its predecessor goes on', async () => {
  const [v1, [port = 0]] = [await upstream(), await freePorts(1)]
  useSample(join(dir, 'config'), { 8080: port, 9001: v1, 9002: v1 })
  const proxy = start('--concurrency', '2')
  await proxy.serving()
  const failed = start('--concurrency', '3')
  const [code] = (await once(failed.process, 'exit')) as [number]
  expect(code).toBe(1)
  expect(failed.stderr).toContain('The predecessor goes on alone: its concurrency is 2, and a hot restart keeps it; here it is 3.')
  expect((await ask(`http://127.0.0.1:${port}/hello`)).body).toBe('v1 /hello')
  expect(proxy.process.exitCode).toBeNull()
})

test('calls that take long end on the process that began them', async () => {
  const server = http.createServer((_request, response) => {
    response.write('begin ')
    setTimeout(() => response.end('end'), 3_000)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  const [port = 0] = await freePorts(1)
  useSample(join(dir, 'config'), { 8080: port, 9001: (server.address() as AddressInfo).port })
  const before = start()
  await before.serving()
  const request = http.get(`http://127.0.0.1:${port}/slow`, { agent: false })
  const [reply] = (await once(request, 'response')) as [http.IncomingMessage]
  const after = start()
  await after.serving()
  expect(before.process.exitCode).toBeNull()
  let body = ''
  for await (const piece of reply) body += String(piece)
  expect(body).toBe('begin end')
  await until('the predecessor to end', () => (before.process.exitCode === 0 ? true : undefined))
})
