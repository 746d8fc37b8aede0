import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Mesh } from './src/mesh.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

test('validate passes the sample and names the place and the fix of a mistake', async () => {
  const good = await mesh.meshctl('validate', '-f', 'config')
  expect(good.code, good.stdout + good.stderr).toBe(0)
  writeFileSync(
    join(mesh.dir, 'bad.yaml'),
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: bad\nspec:\n  hosts: [details]\n  http:\n  - route:\n    - destination:\n        host: details\n        subst: v1\n',
  )
  const bad = await mesh.meshctl('validate', '-f', 'bad.yaml')
  expect(bad.code).toBe(1)
  expect(bad.stdout + bad.stderr).toMatch(/bad\.yaml:11:9.*subst.*subset/s)
})

test('ps shows each proxy in sync with the snapshot that pilot serves', async () => {
  const hash = await mesh.snapshot()
  const ps = await mesh.meshctl('ps')
  expect(ps.code, ps.stderr).toBe(0)
  const [head, ...rows] = ps.stdout.trimEnd().split('\n')
  expect(head).toMatch(/NAME.*CDS.*LDS.*EDS.*RDS/)
  expect(rows).toHaveLength(mesh.run().workloads.filter((one) => one.proxy !== null).length)
  for (const row of rows) {
    expect(row).toContain(hash)
    expect(row).toContain('SYNCED')
    expect(row).not.toMatch(/STALE|ERROR/)
  }
})

test.each(['listener', 'route', 'cluster', 'endpoint', 'secret'])('pc %s prints a table, and JSON', async (type) => {
  const name = mesh.workload('productpage-v1').name
  const table = await mesh.meshctl('pc', type, name)
  expect(table.code, table.stderr).toBe(0)
  expect(table.stdout.trimEnd().split('\n').length).toBeGreaterThan(1)
  const json = await mesh.meshctl('proxy-config', type, `${name}.default`, '-o', 'json')
  expect(json.code, json.stderr).toBe(0)
  expect(JSON.stringify(JSON.parse(json.stdout))).not.toMatch(/PRIVATE KEY/)
})

test('explain names the route, destination, endpoints, tries, mTLS and authorization with file and line', async () => {
  await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-80-20.yaml'))
  const told = await mesh.meshctl('explain', '--from', 'productpage-v1', 'GET', 'http://reviews:9080/reviews/0')
  expect(told.code, told.stderr).toBe(0)
  expect(told.stdout).toMatch(/reviews\.yaml:\d+/)
  expect(told.stdout).toMatch(/80/)
  expect(told.stdout).toMatch(/127\.\d+\.\d+\.\d+:9080/)
  expect(told.stdout).toMatch(/mTLS/i)
  expect(told.stdout).toMatch(/allowed/i)
})

test('version tells client, control plane and proxies', async () => {
  const told = await mesh.meshctl('version', '-o', 'json')
  expect(told.code, told.stderr).toBe(0)
  expect(JSON.parse(told.stdout)).toMatchObject({ client: expect.anything() })
})

test('exit codes are honest', async () => {
  expect((await mesh.meshctl('no-such-command')).code).toBe(2)
  expect((await mesh.meshctl('ps', '--pilot', 'http://127.0.0.1:9')).code).toBe(3)
  expect((await mesh.meshctl('pc', 'cluster', 'nobody')).code).toBe(1)
})
