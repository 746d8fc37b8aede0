import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createLogger } from '@mesh/telemetry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DataPlane } from '../data-plane.ts'
import { answer, gateway as gatewayOf, objectsOf, routes } from '../testdata/lone-gateway.ts'
import { readFlags } from './flags.ts'
import { openFolderFeed } from './folder-feed.ts'
import { startStandalone } from './start-standalone.ts'

let dir: string
const cleanups: (() => unknown)[] = []
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'mesh-standalone-'))))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  rmSync(dir, { recursive: true })
})

function write(name: string, text: string): void {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), text)
}

const gateway = (port: number, istio = 'ingressgateway'): string => objectsOf(gatewayOf([{ port }], { istio }))
const route = (body: string): string => objectsOf(routes([answer(body)]))

const silent = createLogger({ name: 'test', level: 'silent' })
const args = (): string[] => ['--config', dir, '--admin', '0', '--health', '0', '--metrics', '0', '--log-level', 'silent']
const flags = (...more: string[]) => readFlags([...args(), ...more], {})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function get(port: number, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false }, (reply) => {
      let body = ''
      reply.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      reply.on('end', () => resolve(`${reply.statusCode} ${body}`))
    })
    request.on('error', reject)
  })
}

test('a folder is served, follows its files, and keeps the last good form of what breaks', async () => {
  const port = await freePort()
  write('gateway.yaml', gateway(port))
  write('route.yaml', route('one'))
  const argv = args()
  const proxy = await startStandalone(argv, {})
  cleanups.push(() => proxy.stop())
  expect(await get(port)).toBe('200 one')
  expect(await get(proxy.doors.health.port, '/healthz/ready')).toContain('200 LIVE')
  write('route.yaml', route('two'))
  await expect.poll(() => get(port), { timeout: 10_000 }).toBe('200 two')
  write('route.yaml', route('three').replace(/"hosts": \[[^\]]*\]/, '"hosts": 5'))
  write('below/more.yaml', gateway(port).replace('"web"', '"second"'))
  await expect.poll(() => proxy.plane.engine.view.listeners[0]?.origins.length, { timeout: 10_000 }).toBe(2)
  expect(await get(port)).toBe('200 two')
})

test('a folder without anything to serve does not start, and says what to do', async () => {
  await expect(openFolderFeed(flags(), silent)).rejects.toThrow('holds no Gateway that can be opened')
  write('gateway.yaml', gateway(18080, 'edge'))
  await expect(openFolderFeed(flags(), silent)).rejects.toThrow('name with --labels what one of them asks for: default/web (istio=edge)')
  const feed = await openFolderFeed(flags('--labels', 'istio=edge'), silent)
  expect(feed.initial.listeners.map(({ port }) => port)).toEqual([18080])
  await feed.follow({ plane: undefined as never, source: undefined }).close()
  await expect(openFolderFeed({ ...flags(), directory: join(dir, 'nowhere') }, silent)).rejects.toThrow('is no directory')
})

test('when none of its ports can be had it does not start', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => taken.close(resolve)))
  const { port } = taken.address() as AddressInfo
  write('gateway.yaml', gateway(port))
  const argv = args()
  await expect(startStandalone(argv, {})).rejects.toThrow(`Nothing can be served: 127.0.0.1:${port}: `)
})

/** A feed whose views are noted instead of being put in force. */
async function noting(applied: string[]) {
  const feed = await openFolderFeed(flags(), silent)
  const plane = { apply: async (view) => (applied.push(view.snapshot), []) } satisfies Pick<DataPlane, 'apply'>
  return feed.follow({ plane: plane as unknown as DataPlane, source: undefined })
}

test('a saved file that changes nothing swaps nothing, and closing ends it', async () => {
  write('gateway.yaml', gateway(18080))
  const [applied, after]: [string[], string[]] = [[], []]
  const link = await noting(applied)
  write('README.md', 'no configuration')
  write('gateway.yaml', gateway(18080))
  write('gateway.yaml', gateway(18081))
  await expect.poll(() => applied.length, { timeout: 10_000 }).toBe(1)
  await link.close()
  const next = await noting(after)
  write('gateway.yaml', gateway(18082))
  await expect.poll(() => after.length, { timeout: 10_000 }).toBe(1)
  await next.close()
  expect(applied).toHaveLength(1)
})

const registered = (port: number, app: number, mode: string): string => `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: web-1, annotations: { mesh.io/app-ports: '{"${port}": ${app}}' } }
spec: { address: 127.0.0.1, labels: { app: web } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: ${port} }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default }
spec: { mtls: { mode: ${mode} } }
`

test('a registered sidecar serves its application, and without a certificate authority refuses what STRICT asks to protect', async () => {
  const app = http.createServer((_request, response) => response.end('app'))
  await new Promise<void>((resolve) => void app.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => app.close(resolve)))
  const { port: appPort } = app.address() as AddressInfo
  const port = await freePort()
  write('web.yaml', registered(port, appPort, 'PERMISSIVE'))
  const proxy = await startStandalone([...args(), '--name', 'web-1', '--outbound', '0'], {})
  cleanups.push(() => proxy.stop())
  expect(await get(port)).toBe('200 app')
  write('web.yaml', registered(port, appPort, 'STRICT'))
  await expect.poll(() => get(port), { timeout: 10_000 }).toMatch(/^403 /)
})

const TELL_WHAT_IS_LOADED = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process.stdout.write(url + ' '); return next(url, context) } })`

test('a proxy under a control plane loads neither the compiler nor what reads files', async () => {
  const main = new URL('../../../../apps/mesh-proxy/src/main.ts', import.meta.url).pathname
  const loaded = async (...more: string[]): Promise<string> => {
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=@mesh/source', `--import=data:text/javascript,${encodeURIComponent(TELL_WHAT_IS_LOADED)}`, main, ...more],
      { maxBuffer: 8e6 },
    )
    return run.then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    )
  }
  const costly = /\/zod\/|core\/src\/compile\/|core\/src\/snapshot\/|packages\/files\/|standalone\/start/
  const [meshed, alone] = await Promise.all([loaded('--settings', join(dir, 'none.json')), loaded('--config', join(dir, 'none'))])
  expect(meshed).toContain('packages/proxy/src/service.ts')
  expect(meshed).not.toMatch(costly)
  expect(alone).toMatch(costly)
}, 60_000)
