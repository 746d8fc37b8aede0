import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecordFollower, type Fresh } from './follow-records.ts'
import { MemoryMesh } from './testdata/proxies.ts'

let mesh: MemoryMesh
beforeEach(() => {
  mesh = new MemoryMesh()
})
afterEach(() => mesh.stop())

const paths = ({ seen }: Fresh): readonly string[] => seen.map(({ record }) => record.path)
const started = () => new RecordFollower({ sinceMs: 100, past: 0 })

test('each call is told once, in the order in which they ended', async () => {
  const [one, two] = [await mesh.start('a'), await mesh.start('b')]
  one.add({ path: '/before' })
  const follower = started()
  expect(paths(await follower.next(mesh.run))).toEqual([])
  one.add({ path: '/late', startMs: 1000, durationMs: 50 })
  two.add({ path: '/early', startMs: 1000, durationMs: 10 })
  expect(paths(await follower.next(mesh.run))).toEqual(['/early', '/late'])
  expect(paths(await follower.next(mesh.run))).toEqual([])
})

test('more than fits into one answer comes whole, and the past as far as it is wanted', async () => {
  const memory = await mesh.start('a', 3)
  const follower = started()
  await follower.next(mesh.run)
  for (let count = 0; count < 10; count++) memory.add({ path: `/${count}` })
  expect(paths(await follower.next(mesh.run))).toEqual(Array.from({ length: 10 }, (_, index) => `/${index}`))
  expect(paths(await new RecordFollower({ sinceMs: 100, past: 2 }).next(mesh.run))).toEqual(['/8', '/9'])
})

test('what was forgotten before it was asked for is counted, and nothing is told twice', async () => {
  const memory = await mesh.start('a')
  const follower = started()
  await follower.next(mesh.run)
  for (let count = 0; count < 10; count++) memory.add({ path: `/${count}`, startMs: 1000 + count, durationMs: 0 })
  memory.forget(7)
  const fresh = await follower.next(mesh.run)
  expect(paths(fresh)).toEqual(['/7', '/8', '/9'])
  expect(fresh.gaps).toMatchObject([{ calls: 7, sinceMs: 1007 }])
  expect(await follower.next(mesh.run)).toEqual({ seen: [], gaps: [], silent: [] })
})

test('a proxy that is started again is followed from its first call, a new one too', async () => {
  const memory = await mesh.start('a')
  memory.add()
  const follower = started()
  await follower.next(mesh.run)
  memory.restart(200)
  memory.add({ path: '/again' })
  const other = await mesh.start('b')
  other.restart(300)
  other.add({ path: '/new', startMs: 5000 })
  expect(paths(await follower.next(mesh.run))).toEqual(['/again', '/new'])
})

test('a proxy that does not answer is told once, and hides nothing of the others', async () => {
  await mesh.start('a')
  const other = await mesh.start('b')
  const follower = started()
  await follower.next(mesh.run)
  await mesh.silence('a')
  other.add({ path: '/there' })
  const fresh = await follower.next(mesh.run)
  expect([paths(fresh), fresh.silent.map(({ why }) => why)]).toEqual([
    ['/there'],
    [expect.stringContaining('The proxy of a-0 does not answer')],
  ])
  expect((await follower.next(mesh.run)).silent).toEqual([])
})
