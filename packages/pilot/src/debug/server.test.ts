import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import type { DebugFacts } from './pages.ts'
import { startDebugServer, type DebugServer } from './server.ts'

const records = { onPage: () => {} }
const facts = { ready: () => true, metrics: () => 'pilot_xds 0\n', version: '1', records } as unknown as DebugFacts
const sockets: { destroy(): unknown }[] = []
let server: DebugServer

beforeEach(async () => {
  server = await startDebugServer({ address: '127.0.0.1', port: 0, facts, log: () => {} })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

const ask = (path: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })

test('pages answer those who ask by an address, and no page of another site', async () => {
  for (const path of ['/ready', '/metrics', '/version']) {
    expect(await Promise.all(['127.0.0.1', `localhost:${server.port}`, '[::1]'].map((host) => ask(path, host)))).toEqual([200, 200, 200])
    expect(await Promise.all(['evil.example', '127.0.0.1.evil.example'].map((host) => ask(path, host)))).toEqual([403, 403])
  }
})

test('connections that say nothing have a bound, and one that goes makes room', async () => {
  const held = Array.from({ length: LIMITS.maxRequestsOfDebug }, () => connect(server.port, '127.0.0.1').on('error', () => {}))
  sockets.push(...held)
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.on('connect', resolve))))
  await expect(ask('/ready', '127.0.0.1')).rejects.toThrow(/ECONNRESET|socket hang up/)
  held[0]?.destroy()
  await expect.poll(() => ask('/ready', '127.0.0.1').catch(() => undefined)).toBe(200)
})
