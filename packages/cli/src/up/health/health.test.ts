import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { PlannedWorkload } from '../plan.ts'
import { probeSchema } from '../probe/probe.ts'
import { Health } from './health.ts'

const open: (() => Promise<unknown> | void)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

interface App {
  readonly port: number
  status: number
  stop(): Promise<void>
}

const app = async (port = 0): Promise<App> => {
  const server = http.createServer((_request, response) => response.writeHead(one.status).end())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const one = { status: 200, port: (server.address() as AddressInfo).port, stop }
  open.push(stop)
  return one
}

const replicaAt = (port: number, more: object = {}): PlannedWorkload =>
  ({
    name: 'web-0',
    address: '127.0.0.1',
    proxy: null,
    app: { command: 'web', env: {}, servicePort: 80, listen: { host: '127.0.0.1', port }, probe: null, ...more },
  }) as unknown as PlannedWorkload

const made = (replica: PlannedWorkload, goesWell: (ready: boolean) => boolean = () => true) => {
  const registered: boolean[] = []
  const said: string[] = []
  const register = (_replica: PlannedWorkload, ready: boolean): boolean => {
    registered.push(ready)
    return goesWell(ready)
  }
  const health = new Health({ register, say: (line) => said.push(line) })
  open.push(() => health.close())
  return { registered, said, health, one: health.add(replica) }
}

const soon = (): AbortSignal => AbortSignal.timeout(10_000)
const probe = probeSchema.parse({ httpGet: {}, periodSeconds: 0.05, failureThreshold: 2 })

test('an application that ended takes no traffic until it listens again', async () => {
  const { port, stop } = await app()
  const { registered, health, one } = made(replicaAt(port))
  one.appStarted()
  expect(await health.untilReady('web-0', soon())).toBe(true)
  health.open()
  await stop()
  one.appEnded()
  one.appStarted()
  expect(one.hindrances).toEqual(['starting'])
  expect(registered).toEqual([false])
  await app(port)
  expect(await health.untilReady('web-0', soon())).toBe(true)
  expect(registered).toEqual([false, true])
})

test('what fails its probe takes no traffic until it passes again, and both are told', async () => {
  const server = await app()
  const { registered, said, health, one } = made(replicaAt(server.port, { probe }))
  one.appStarted()
  await health.untilReady('web-0', soon())
  health.open()
  server.status = 503
  while (one.ready) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(one.failure).toBe('GET / answers 503')
  server.status = 200
  expect(await health.untilReady('web-0', soon())).toBe(true)
  expect(registered).toEqual([false, true])
  expect(said).toEqual(['web-0 takes no traffic: GET / answers 503', 'web-0 takes traffic again'])
})

test('while the mesh starts the registry stays as it is; what is not ready when it opens is taken out', async () => {
  const server = await app()
  server.status = 500
  const { registered, health, one } = made(replicaAt(server.port, { probe }))
  one.appStarted()
  expect(registered).toEqual([])
  health.open()
  expect(registered).toEqual([false])
  expect(await health.untilReady('web-0', AbortSignal.timeout(200))).toBe(false)
  expect(one.failure).toBe('GET / answers 500')
})

test('a replica that leaves is out until it is let back, though its application is well', async () => {
  const { port } = await app()
  const { registered, health, one } = made(replicaAt(port))
  one.appStarted()
  await health.untilReady('web-0', soon())
  health.open()
  one.hinder('leaving')
  one.appEnded()
  one.appStarted()
  expect(await health.untilReady('web-0', soon(), ['leaving'])).toBe(true)
  expect(registered).toEqual([false])
  one.release()
  expect(registered).toEqual([false, true])
})

test('an application that is started by hand is in as long as somebody listens', async () => {
  const { port, stop } = await app()
  await stop()
  const { registered, health } = made(replicaAt(port, { command: null }))
  health.open()
  expect(registered).toEqual([false])
  const again = await app(port)
  expect(await health.untilReady('web-0', soon())).toBe(true)
  await again.stop()
  while (registered.length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(registered).toEqual([false, true, false])
})

test('a replica whose sidecar has ended takes no traffic until the sidecar is ready', async () => {
  const server = await app()
  server.status = 503
  const { port } = server
  const { registered, health, one } = made({ ...replicaAt(port), proxy: { health: port } } as PlannedWorkload)
  one.appStarted()
  one.proxyStarted()
  server.status = 200
  expect(await health.untilReady('web-0', soon())).toBe(true)
  health.open()
  one.proxyEnded()
  expect(registered).toEqual([false])
  one.proxyStarted()
  expect(await health.untilReady('web-0', soon())).toBe(true)
  expect(registered).toEqual([false, true])
})

test('what the registry could not be told it is told again', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let times = 0
  const { registered, health, said } = made(replicaAt(1, { probe }), () => {
    if (++times === 3) resolve()
    return times > 2
  })
  health.open()
  await promise
  expect([registered, said]).toEqual([[false, false, false], []])
})

test('nobody waits for a replica that is removed', async () => {
  const { health } = made(replicaAt(1))
  const waited = health.untilReady('web-0', soon())
  health.remove('web-0')
  expect(await waited).toBe(false)
})

test('an application that starts while the mesh stops is not asked for ever', async () => {
  const { port } = await app()
  const { health, one } = made(replicaAt(port))
  health.close()
  one.appStarted()
  one.proxyStarted()
  expect(one.hindrances).toEqual(['down'])
})
