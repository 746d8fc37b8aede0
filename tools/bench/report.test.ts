import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cpuMicros, residentMb, userMicros } from './cpu-time.ts'
import { readH2load } from './loads/h2load.ts'
import { ReplyReader } from './loads/reply-reader.ts'
import { readWrk } from './loads/wrk.ts'
import { rowsOf, table } from './report.ts'
import type { Sample } from './sample.ts'
import { stagesOf } from './stages.ts'
import { treeCpuSeconds } from './tree-cpu.ts'
import { WORKS, worksNamed } from './work.ts'

const WRK = `Running 2s test @ http://127.0.0.1:8080/
  58672 requests in 2.00s, 10.07MB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 4
`

test('what wrk prints is read, errors of all sorts together', () => {
  expect(readWrk(WRK)).toEqual({ requests: 58672, errors: 10, seconds: 2 })
  expect(readWrk(WRK.replace(/ {2}Socket.*\n.*\n/, '')).errors).toBe(0)
  expect(() => readWrk('unable to connect')).toThrow('unable to connect')
})

const H2LOAD = `finished in 500.12ms, 50.00 req/s, 1.00MB/s
requests: 120 total, 130 started, 120 done, 100 succeeded, 3 failed, 2 errored, 1 timeout
status codes: 96 2xx, 0 3xx, 0 4xx, 4 5xx
`

test('what h2load prints is read, statuses other than 2xx as errors', () => {
  expect(readH2load(H2LOAD)).toEqual({ requests: 100, errors: 10, seconds: 0.50012 })
  expect(() => readH2load('could not connect')).toThrow('could not connect')
})

test('a reply ends where its length says, wherever it is cut', () => {
  const whole = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello')
  for (let cut = 1; cut < whole.length; cut++) {
    const reader = new ReplyReader(true, 5)
    expect(reader.take(whole.subarray(0, cut))).toBe(false)
    expect(reader.take(whole.subarray(cut))).toBe(true)
    expect(reader.refused).toBe(false)
    expect(reader.take(Buffer.from('HTTP/1.1 503 Not\r\n\r\nhello'))).toBe(true)
    expect(reader.refused).toBe(true)
  }
})

function sample(variant: string, cpuUsPerRequest: number, errors = 0): Sample {
  return { work: 'get', variant, cpuUsPerRequest, errors, rssMb: 10 }
}

test('a row is the median of its repetitions, its ratio that to the peers', () => {
  const rows = rowsOf([
    sample('haproxy', 10),
    sample('ours', 13),
    sample('haproxy', 30),
    sample('ours', 12),
    sample('haproxy', 20),
    sample('ours', 90),
    { work: 'get', variant: 'ours', errors: 0, p50Ms: 1, p99Ms: 2 },
  ])
  expect(rows.map((row) => row.cpuUsPerRequest)).toEqual([20, 13])
  expect(rows[1]).toMatchObject({ p50Ms: 1, p99Ms: 2, reps: 3, startMs: null })
  expect(table(rows)).toMatch(/\| ours \| 13\.0 \| 0\.65 \| - \|/)
})

test('an error voids its row, and a void base gives no ratio', () => {
  const text = table(rowsOf([sample('haproxy', 10, 1), sample('ours', 13)]))
  expect(text).toContain('| haproxy | void: 1 errors |')
  expect(text).toContain('| ours | 13.0 | - | - |')
})

test('rows are named one by one or by their setup', () => {
  expect(worksNamed(undefined)).toBe(WORKS)
  expect(worksNamed('get,tcp')).toEqual(WORKS.filter(({ name }) => name === 'get' || name === 'tcp'))
  expect(worksNamed('mtls')).toEqual(WORKS.filter(({ setup }) => setup === 'mtls'))
  expect(worksNamed('got')).toMatch(/^There is no row got; there are get, /)
})

test.runIf(process.platform === 'linux')('work costs CPU time, and a process has memory', () => {
  const before = cpuMicros(process.pid)
  let sum = 0
  for (let at = 0; at < 20_000_000; at++) sum += at % 7
  expect(sum).toBeGreaterThan(0)
  expect(cpuMicros(process.pid)).toBeGreaterThan(before)
  expect(userMicros(process.pid)).toBeGreaterThan(0)
  expect(residentMb(process.pid)).toBeGreaterThan(1)
})

test('the CPU time of a tree counts children, those that have ended included, and no strangers', () => {
  const before = treeCpuSeconds(process.pid)
  execFileSync(process.execPath, ['-e', 'const end = performance.now() + 200; while (performance.now() < end);'])
  expect(treeCpuSeconds(process.pid) - before).toBeGreaterThan(0.05)
  expect(treeCpuSeconds(2 ** 30)).toBe(0)
})

test('the time of a profile goes to the stage whose file it was spent in, within the window', () => {
  const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } })
  const nodes = [
    node(1, '(idle)', ''),
    node(2, 'read', 'file:///mesh/packages/wire/src/h1/read.ts'),
    node(3, 'record', 'file:///mesh/packages/proxy/src/observe/observer.ts'),
    node(4, 'recv', ''),
    node(5, '(garbage collector)', ''),
  ]
  const profile = { nodes, startTime: 1000, samples: [2, 1, 3, 4, 5, 2], timeDeltas: [0, 10, 20, 30, 40, 50] }
  expect(stagesOf(profile, { from: 1000, to: 2000 })).toEqual({ codec: 10, observe: 30, io: 40, gc: 50 })
  expect(stagesOf(profile, { from: 1050, to: 2000 })).toEqual({ io: 40, gc: 50, codec: 0 })
})
