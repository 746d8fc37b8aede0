import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createLogger } from '@mesh/telemetry'
import { openSinks } from '../observe/sinks.ts'
import { settingsOf } from '../settings.ts'
import { ask } from '../testdata/client.ts'
import { open, plane } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { httpFilter, listener, SELF, view } from '../testdata/views.ts'
import { ownNumbers } from './node-numbers.ts'
import { openAdmin, type AdminDoors } from './doors.ts'

async function doorsOf(made: TestPlane): Promise<AdminDoors> {
  const { identity: _identity, ...node } = SELF
  const ports = { admin: 0, health: 0, metrics: 0 }
  const text = JSON.stringify({ node, ports, pilotAddress: '127.0.0.1:1', identity: null, stateDir: '/nowhere' })
  const sinks = openSinks({ engine: () => made.plane.engine, onProblem: () => undefined, onTrouble: () => undefined })
  const doors = await openAdmin({
    settings: settingsOf(text, { file: '/settings.json', env: {} }),
    plane: made.plane,
    numbers: ownNumbers(made.plane, sinks),
    log: createLogger({ name: 'test', level: 'silent' }),
    version: '0',
    drain: () => undefined,
    draining: () => false,
    onFault: (error) => {
      throw error
    },
  })
  open.push({ close: () => Promise.all([doors.close(), sinks.close()]) })
  return doors
}

test('metrics and admin pages answer no names, as a browser may have been led there; probes may come with any', async () => {
  const { admin, metrics, health } = await doorsOf(await plane(view({})))
  const status = async (port: number, path: string, host: string): Promise<number> => (await ask(port, path, { host })).status
  for (const host of ['evil.example', `evil.example:${metrics.port}`]) {
    expect(await status(metrics.port, '/stats/prometheus', host)).toBe(403)
    expect(await status(admin.port, '/config_dump', host)).toBe(403)
    expect(await status(health.port, '/healthz/ready', host)).toBe(200)
  }
  expect(await status(metrics.port, '/stats/prometheus', `127.0.0.1:${metrics.port}`)).toBe(200)
  expect(await status(admin.port, '/config_dump', 'localhost')).toBe(200)
})

test('health is not ready while a listener of the first view cannot be bound, and admin says why', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const made = await plane(view({ listeners: [listener(port, httpFilter())] }), { limits: { listenRetryMs: 1, listenRetryMaxMs: 4 } })
  const { admin, health } = await doorsOf(made)
  expect(await ask(health.port, '/healthz/ready')).toMatchObject({ status: 503, body: 'PRE_INITIALIZING\n' })
  const reason = `http_proxy: 127.0.0.1:${port} is taken`
  expect(await ask(admin.port, '/ready', { host: 'localhost' })).toMatchObject({ status: 503, body: `PRE_INITIALIZING\n${reason}\n` })
  await new Promise<void>((resolve) => void other.close(() => resolve()))
  while (!made.plane.ready) await new Promise((resolve) => setImmediate(resolve))
  expect(await ask(health.port, '/healthz/ready')).toMatchObject({ status: 200, body: 'LIVE\n' })
})
