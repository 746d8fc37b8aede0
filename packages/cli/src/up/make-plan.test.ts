import net from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimBlock, type AddressBlock } from './address-block.ts'
import { createPlanner, type Planner, type PlanInput } from './make-plan.ts'
import { meshFileSchema } from './mesh-file.ts'
import { accountsOf, settingsOf } from './process-settings.ts'
import { workloadEntry } from './registry.ts'

let block: AddressBlock
const open: net.Server[] = []

beforeEach(async () => {
  const claimed = await claimBlock('test')
  if (claimed.kind !== 'claimed') throw new Error(claimed.reason)
  block = claimed.block
})

afterEach(() => {
  block.release()
  for (const server of open.splice(0)) server.close()
})

function occupy(address: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    open.push(net.createServer().listen(port, address, resolve))
  })
}

const planner = (mesh: object, more: Partial<PlanInput> = {}): Planner =>
  createPlanner({
    mesh: meshFileSchema.parse({ name: 'm', config: 'c', ...mesh }),
    dir: '/somewhere',
    block,
    services: [],
    ca: true,
    telemetry: true,
    ...more,
  })

const plan = (mesh: object, more: Partial<PlanInput> = {}): ReturnType<Planner['plan']> => planner(mesh, more).plan()

const WEB = { command: 'web', port: 9080, replicas: 2, labels: { app: 'web' }, serviceAccount: 'web' }

test('replicas have addresses of their own, the same service port, and applications on free private ports', async () => {
  const { workloads, replaced } = await plan({ processes: { web: WEB } })
  expect(workloads.map((one) => one.name)).toEqual(['web-0', 'web-1'])
  expect(new Set(workloads.map((one) => one.address)).size).toBe(2)
  expect(workloads.map((one) => [one.app?.servicePort, one.app?.listen?.host])).toEqual([
    [9080, '127.0.0.1'],
    [9080, '127.0.0.1'],
  ])
  expect(workloads[0]?.app?.listen?.port).not.toBe(workloads[1]?.app?.listen?.port)
  expect(replaced).toEqual([])
})

test('a process without a sidecar listens at its own address and holds no identity', async () => {
  const made = await plan({ processes: { outside: { ...WEB, replicas: 1, sidecar: false } } })
  const [one] = made.workloads
  expect(one).toMatchObject({ kind: 'outside', proxy: null, meshTls: false, app: { listen: { host: one?.address, port: 9080 } } })
  expect([...accountsOf(made).keys()]).toEqual(['pilot'])
})

test('a place for another proxy has identity, address and application, but no proxy of ours', async () => {
  const made = await plan({ processes: { web: { ...WEB, replicas: 1, sidecar: 'external' } } })
  expect(made.workloads[0]).toMatchObject({ kind: 'sidecar', proxy: null, meshTls: true, app: { listen: { host: '127.0.0.1' } } })
  expect(accountsOf(made).get('web-0')).toEqual({ namespace: 'default', name: 'web' })
})

test('a gateway opens the ports of the services that select it; a taken one is replaced and told', async () => {
  const services = [{ namespace: 'istio-system', selector: { istio: 'ingress' }, ports: [{ name: 'http2', port: 80, target: 28080 }] }]
  await occupy('127.0.0.1', 28080)
  const made = await plan({ gateways: { ingress: { labels: { istio: 'ingress' } } } }, { services })
  const port = made.workloads[0]?.ports['http2']
  expect(port).not.toBe(28080)
  expect(made.workloads[0]?.openPorts).toEqual({ 80: port })
  expect(made.replaced).toEqual([`ingress: port 28080 is taken, using ${port}.`])
  expect(workloadEntry(made.workloads[0] as never, true)).toContain('mesh.io/bind-address: 127.0.0.1')
})

test('of two meshes that are planned at once each has a gateway port of its own, and leaves it when it is over', async () => {
  const services = [{ namespace: 'istio-system', selector: { istio: 'ingress' }, ports: [{ name: 'http2', port: 80, target: 28180 }] }]
  const both = [0, 1].map(() => planner({ gateways: { ingress: { labels: { istio: 'ingress' } } } }, { services }))
  const ports = (await Promise.all(both.map((one) => one.plan()))).map(({ workloads }) => workloads[0]?.openPorts['80'])
  expect(new Set(ports).size).toBe(2)
  expect(ports).toContain(28180)
  for (const one of both) one.close()
  const third = planner({ gateways: { ingress: { labels: { istio: 'ingress' } } } }, { services })
  expect((await third.plan()).workloads[0]?.openPorts).toEqual({ 80: 28180 })
  third.close()
})

test('a taken service port is replaced under its service port name', async () => {
  const services = [{ namespace: 'default', selector: { app: 'web' }, ports: [{ name: 'http', port: 9080, target: 9080 }] }]
  await occupy(block.address(1, 1), 9080)
  const made = await plan({ processes: { web: { ...WEB, replicas: 1 } } }, { services })
  expect(made.workloads[0]?.ports).toEqual({ http: 9081 })
})

test('two meshes hold two blocks', async () => {
  const other = await claimBlock('other')
  if (other.kind !== 'claimed') throw new Error(other.reason)
  expect(other.block.prefix).not.toBe(block.prefix)
  other.block.release()
})

test('how long certificates live is handed to the CA', async () => {
  expect(settingsOf(await plan({ ca: { workloadTtlSeconds: 8 } })).get('ca')).toMatchObject({ workloadTtlSeconds: 8 })
  expect(settingsOf(await plan({})).get('ca')).not.toHaveProperty('workloadTtlSeconds')
})

test('without a certificate authority nobody is told of one, and xDS is plain', async () => {
  const made = await plan({ processes: { web: WEB } }, { ca: false })
  expect(made.pilot.xdsPort).toBe(15010)
  expect(settingsOf(made).get('pilot')).toMatchObject({ identity: null })
  expect(settingsOf(made).get('web-0')).toMatchObject({ identity: null })
  expect(settingsOf(made).has('ca')).toBe(false)
  expect(workloadEntry(made.workloads[0] as never, true)).not.toContain('tlsMode')
})

test('a replica that comes later has an address and ports of its own, and leaves them for the next', async () => {
  const made = planner({ processes: { web: WEB, other: { command: 'x' } } })
  const { workloads } = await made.plan()
  const third = await made.replica('web', 2)
  expect(workloads.map(({ address }) => address)).not.toContain(third.address)
  expect(third).toMatchObject({ name: 'web-2', kind: 'sidecar', ports: {}, proxy: workloads[0]?.proxy })
  made.release(third)
  expect(await made.replica('web', 2)).toMatchObject({ address: third.address, ports: {}, proxy: third.proxy })
})

test('a process without a command has a place for an application that is started by hand', async () => {
  const { workloads } = await plan({ processes: { debugged: { port: 9080 }, caller: {} } })
  expect(workloads[0]?.app).toMatchObject({ command: null, servicePort: 9080, listen: { host: '127.0.0.1' } })
  expect(workloads[1]?.app).toBeNull()
})

test('a probe of the service port asks the application where it listens, one of another port there', async () => {
  const probes = { own: { httpGet: {} }, service: { tcpSocket: { port: 9080 } }, other: { httpGet: { port: 9999 } } }
  const processes = Object.fromEntries(Object.entries(probes).map(([name, probe]) => [name, { command: 'x', port: 9080, probe }]))
  const { workloads } = await plan({ processes })
  const ports = workloads.map(({ app }) => [app?.probe?.httpGet?.port ?? app?.probe?.tcpSocket?.port, app?.listen?.port])
  expect(ports.map(([probe, listen]) => probe === listen)).toEqual([true, true, false])
  expect(ports[2]?.[0]).toBe(9999)
})

test('applications get ports that the system gives to no connection, and other meshes to nobody', async () => {
  const { workloads } = await plan({ processes: { web: WEB } })
  const ports = workloads.map(({ app }) => app?.listen?.port ?? 0)
  const first = 20_000 + block.index * 200
  for (const port of ports) expect(port >= first && port < first + 200).toBe(true)
})
