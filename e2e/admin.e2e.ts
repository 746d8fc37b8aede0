import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askJson } from './src/http.ts'
import { Mesh } from './src/mesh.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const admin = (path: string): string => `${mesh.proxy('productpage-v1').admin}${path}`

test('/config_dump has the shape of Envoy and shows no key', async () => {
  const answer = await ask(admin('/config_dump'))
  expect(answer.status).toBe(200)
  const dump = JSON.parse(answer.body) as { configs: readonly { '@type': string }[] }
  const types = dump.configs.map((config) => config['@type'].split('.').at(-1))
  for (const type of ['ListenersConfigDump', 'RoutesConfigDump', 'ClustersConfigDump', 'SecretsConfigDump']) expect(types).toContain(type)
  expect(answer.body).not.toMatch(/BEGIN (EC )?PRIVATE KEY/)
})

test('/clusters, /listeners, /stats and /ready answer as text', async () => {
  expect((await ask(admin('/clusters'))).body).toMatch(/^outbound\|9080\|\|ratings\.default\.svc\.cluster\.local::127\./m)
  expect((await ask(admin('/listeners'))).body).toMatch(/::127\.\d+\.\d+\.\d+:15001/)
  expect((await ask(admin('/stats'))).body).toMatch(/^[\w.|;-]+: \d+/m)
  expect((await ask(admin('/stats/prometheus'))).body).toContain('# TYPE istio_requests_total counter')
  expect((await ask(admin('/ready'))).body.trim()).toBe('LIVE')
})

test('a change of state is a POST, never a GET', async () => {
  expect((await ask(admin('/logging?level=debug'))).status).toBe(405)
  expect((await ask(admin('/drain_listeners'))).status).toBe(405)
  expect((await ask(admin('/logging?level=debug'), { method: 'POST' })).status).toBe(200)
})

test('a page that another site made a browser ask for is refused', async () => {
  expect((await ask(admin('/config_dump'), { headers: { host: 'evil.example' } })).status).toBe(403)
})

test('POST /drain_listeners closes the listeners', async () => {
  const { admin: url, health } = mesh.proxy('reviews-v3')
  expect((await ask(`${health}/healthz/ready`)).status).toBe(200)
  expect((await ask(`${url}/drain_listeners`, { method: 'POST' })).status).toBe(200)
  expect((await ask(`${health}/healthz/ready`)).status).toBe(503)
})

test('pilot shows who is in sync, and counts', async () => {
  const { pilot } = mesh.run()
  const sync = await askJson<readonly unknown[]>(`${pilot.monitoring}/debug/syncz`)
  expect(sync.length).toBe(mesh.run().workloads.filter((one) => one.proxy !== null).length)
  expect((await ask(`${pilot.monitoring}/metrics`)).body).toMatch(/^pilot_xds_pushes\{type="\w+"\} \d+/m)
})
