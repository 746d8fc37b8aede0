import { afterEach, beforeEach, expect, test } from 'vitest'
import { meshctl } from '../testdata/meshctl.ts'
import { MemoryMesh } from '../records/testdata/proxies.ts'

let mesh: MemoryMesh
beforeEach(() => {
  mesh = new MemoryMesh()
})
afterEach(() => mesh.stop())

const ID = 'e71abc12-0000-4000-8000-000000000001'
const OTHER = 'e71fff00-0000-4000-8000-000000000002'
const trace = (spanId: string, parentSpanId?: string) => ({
  trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }) },
})

test('trace tells the way of the request whose id begins so, and joins by trace what lost its id', async () => {
  const gateway = await mesh.start('istio-ingressgateway')
  const page = await mesh.start('productpage-v1')
  gateway.add({ requestId: ID, durationMs: 14, upstreamRemote: '127.0.0.3:9080', ...trace('a1') })
  page.add({ requestId: 'lost', reporter: 'destination', durationMs: 12, ...trace('b1', 'a1') })
  const told = await meshctl(mesh.dir, ['trace', 'E71'])
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout.split('\n')[1]).toBe('gateway 14 ms › productpage 12 ms')
  const json = JSON.parse((await meshctl(mesh.dir, ['trace', '4bf92f', '-o', 'json'])).stdout) as unknown
  expect(json).toMatchObject({ id: '4bf92f3577b34da6a3ce929d0e0e4736', missing: [], calls: [{ name: 'gateway', children: [{ ms: 12 }] }] })
})

test('an id that several calls begin with lists them, one that is whole is found', async () => {
  const gateway = await mesh.start('istio-ingressgateway')
  for (const requestId of [ID, OTHER]) gateway.add({ requestId, path: `/${requestId.slice(0, 6)}\u001b[31m` })
  const several = await meshctl(mesh.dir, ['trace', 'e71'])
  expect(several.code).toBe(1)
  expect(several.stderr).toContain(`  ${ID}  `)
  expect(several.stderr).toContain('GET /e71fff')
  expect(several.stderr).not.toContain('\u001b')
  expect((await meshctl(mesh.dir, ['trace', OTHER])).code).toBe(0)
})

test('a beginning of several trace ids lists those', async () => {
  const gateway = await mesh.start('istio-ingressgateway')
  for (const end of ['a', 'b']) gateway.add({ requestId: end, trace: { traceId: `4bf92f3577b34da6a3ce929d0e0e473${end}`, spanId: 'a1' } })
  const several = await meshctl(mesh.dir, ['trace', '4bf9'])
  expect([several.code, several.stderr]).toEqual([1, expect.stringContaining('  4bf92f3577b34da6a3ce929d0e0e473b  ')])
})

test('what nobody remembers is said with how far back they do, and who does not answer', async () => {
  const gateway = await mesh.start('istio-ingressgateway')
  await mesh.start('productpage-v1')
  for (let count = 0; count < 3; count++) gateway.add({ startMs: Date.UTC(2026, 0, 1) })
  gateway.forget(1)
  await mesh.silence('productpage-v1')
  const told = await meshctl(mesh.dir, ['trace', 'abcdef'])
  expect(told.code).toBe(1)
  expect(told.stderr).toMatch(/^No proxy remembers a call abcdef\. A proxy keeps its last calls only: istio-ingressgateway-0 those since /)
  expect(told.stderr).toContain('The proxy of productpage-v1-0 does not answer')
  expect((await meshctl(mesh.dir, ['trace', 'ab'])).code).toBe(2)
  expect((await meshctl('/', ['trace', 'abc'])).code).toBe(3)
})
