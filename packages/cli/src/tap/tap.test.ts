import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { shortNames } from '../records/short-names.ts'
import { aRecord, who } from '../records/testdata/a-record.ts'
import { MemoryMesh } from '../records/testdata/proxies.ts'
import { MAIN, meshctl } from '../testdata/meshctl.ts'
import { callFilter } from './call-filter.ts'
import { callLine } from './call-line.ts'

let mesh: MemoryMesh
beforeEach(() => {
  mesh = new MemoryMesh()
})
afterEach(() => mesh.stop())

const names = shortNames({ workloads: [], gateways: [] })
const service = { host: 'ratings.default.svc.cluster.local', name: 'ratings', namespace: 'default' }

test('a call that went wrong names flag, place and id, and how to ask why', () => {
  const cause = { kind: 'VirtualService', namespace: 'default', name: 'ratings', file: '/m/ratings-test-abort.yaml', line: 15 }
  const trouble = { code: 'FI', severity: 'error' as const, message: 'm', cause }
  const { peer: _, ...record } = aRecord({
    self: who('reviews-v2'),
    service,
    status: 500,
    flags: ['FI'],
    durationMs: 0,
    path: '/ratings/0',
    trouble,
  })
  expect(callLine(record, names)).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} reviews-v2 → ratings 500 · flag FI · GET \/ratings\/0 · 0 ms · ratings-test-abort\.yaml:15 · id e71abc12 · meshctl explain e71abc12$/,
  )
})

test('a good call and a connection are told shorter; what a caller sent steers no terminal', () => {
  expect(callLine(aRecord({ service, path: '/\u001b[2J' }), names)).toMatch(/ ratings 200 · GET \/\\u001b\[2J · 10 ms · id e71abc12$/)
  const { requestId: _, ...tcp } = aRecord({ protocol: 'tcp', service, bytesReceived: 3, bytesSent: 5 })
  expect(callLine(tcp, names)).toMatch(/ ratings tcp · 3 B in, 5 B out · 10 ms$/)
})

test('calls are chosen by service, workload, app and status, and each is told by one side', () => {
  const call = aRecord({ self: who('reviews-v2'), peer: who('ratings-v1'), service, status: 503 })
  const fits = (filter: Parameters<typeof callFilter>[0], record = call) => callFilter(filter)(record)
  for (const to of ['ratings', 'ratings.default', 'ratings.default.svc.cluster.local', 'ratings-v1']) expect(fits({ to })).toBe(true)
  expect(fits({ to: 'rating' })).toBe(false)
  expect([fits({ from: 'reviews' }), fits({ from: 'reviews-v2.default' }), fits({ from: 'ratings' })]).toEqual([true, true, false])
  expect(['5xx', '404,503', '503'].map((status) => fits({ status }))).toEqual([true, true, true])
  expect(['4xx', '500', '0xx'].map((status) => fits({ status }))).toEqual([false, false, false])
  expect(() => callFilter({ status: 'bad' })).toThrow('--status takes 5xx')
  const arrived = aRecord({ reporter: 'destination', self: who('ratings-v1'), peer: who('reviews-v2') })
  expect([fits({}, arrived), fits({}, { ...arrived, madeHere: true })]).toEqual([false, true])
})

test('the last calls are told, and it ends', async () => {
  const memory = await mesh.start('reviews-v2')
  for (const path of ['/1', '/2', '/3']) memory.add({ path, service })
  const told = await meshctl(mesh.dir, ['tap', '--last', '2', '--to', 'ratings'])
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout.match(/GET \/\d/g)).toEqual(['GET /2', 'GET /3'])
  const [line = ''] = (await meshctl(mesh.dir, ['tap', '--last', '1', '-o', 'json'])).stdout.split('\n')
  expect(JSON.parse(line)).toMatchObject({ proxy: 'reviews-v2-0.default', seq: 3, path: '/3' })
})

test('it follows until Ctrl-C, and is plain where nobody looks', async () => {
  const memory = await mesh.start('reviews-v2')
  memory.add({ path: '/before' })
  const child = spawn(process.execPath, ['--conditions=@mesh/source', MAIN, 'tap'], { cwd: mesh.dir, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const told = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (text.split('\n').length > count) resolve()
      }
      child.stdout.on('data', look)
      look()
    })
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await memory.asked
  for (const path of ['/one', '/two']) {
    memory.add({ path, status: 503 })
    await told(path === '/one' ? 1 : 2)
  }
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(text.match(/GET \/\w+/g)).toEqual(['GET /one', 'GET /two'])
  expect(text).not.toContain('\u001b')
})

test('it ends when its reader has gone', async () => {
  const memory = await mesh.start('reviews-v2')
  const child = spawn(process.execPath, ['--conditions=@mesh/source', MAIN, 'tap'], { cwd: mesh.dir, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await memory.asked
  child.stdout.destroy()
  const calls = setInterval(() => memory.add(), 20)
  expect(await ended).toBe(0)
  clearInterval(calls)
})
