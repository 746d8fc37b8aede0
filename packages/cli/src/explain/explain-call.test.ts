import { afterEach, beforeEach, expect, test } from 'vitest'
import { who } from '../records/testdata/a-record.ts'
import { MemoryMesh } from '../records/testdata/proxies.ts'
import { meshctl } from '../testdata/meshctl.ts'

let mesh: MemoryMesh
beforeEach(() => {
  mesh = new MemoryMesh()
})
afterEach(() => mesh.stop())

const at = (name: string, line: number) => ({ kind: 'VirtualService', namespace: 'default', name, file: `${name}.yaml`, line, column: 7 })

test('explain of an id tells which object, file and line decided at each step, and what to do', async () => {
  const reviews = await mesh.start('reviews-v2')
  const trouble = { code: 'FI', severity: 'error' as const, message: 'It was injected.', fix: 'Take it out.', cause: at('ratings', 15) }
  const service = { host: 'ratings.default.svc.cluster.local', name: 'ratings', namespace: 'default' }
  reviews.add({ status: 500, flags: ['FI'], attempts: 0, durationMs: 0, madeHere: true, service, routeOrigin: at('ratings', 10), trouble })
  const told = await meshctl(mesh.dir, ['explain', 'e71abc12'])
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout.split('\n')).toEqual([
    'id e71abc12-0000-4000-8000-000000000001',
    'reviews 500 FI 0 ms › ratings 500 FI (injected by ratings.yaml:15)',
    '  to ratings        by VirtualService default/ratings (ratings.yaml:10:7)',
    '  ratings.yaml:15:7: error FI It was injected. Take it out. (VirtualService default/ratings)',
    '',
  ])
  const json = JSON.parse((await meshctl(mesh.dir, ['explain', 'e71', '-o', 'json'])).stdout) as unknown
  expect(json).toMatchObject({
    calls: [{ path: [{ name: 'reviews' }, { name: 'ratings', trouble: { cause: { line: 15 } }, route: { line: 10 } }] }],
  })
})

test('a good call is explained by its routes alone', async () => {
  const page = await mesh.start('productpage-v1')
  page.add({ routeOrigin: at('reviews', 8), peer: who('reviews-v1') })
  const told = await meshctl(mesh.dir, ['explain', 'e71abc12'])
  expect(told.stdout).toContain('  to reviews-v1     by VirtualService default/reviews (reviews.yaml:8:7)')
  expect(told.stdout).not.toContain('error')
})

test('a method alone, or an id with what belongs to a question, is wrong usage', async () => {
  for (const words of [['GET'], ['e71abc12', '--from', 'client'], ['e71abc12', '-H', 'a: b']]) {
    expect((await meshctl(mesh.dir, ['explain', ...words])).code).toBe(2)
  }
})
