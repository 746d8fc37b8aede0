import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cpuMicros, residentMb } from './cpu-time.ts'
import { readLoad } from './load.ts'
import type { Sample } from './measure.ts'
import { rowsOf, table } from './report.ts'
import { treeCpuSeconds } from './tree-cpu.ts'

const WRK = `Running 2s test @ http://127.0.0.1:8080/
  Latency Distribution
     50%  812.00us
     75%    1.10ms
     99%    1.05s
  58672 requests in 2.00s, 10.07MB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 4
`

test('what wrk prints is read, errors of all sorts together', () => {
  expect(readLoad(WRK)).toEqual({ requests: 58672, errors: 10, p50Ms: 0.812, p99Ms: 1050 })
  expect(readLoad(WRK.replace(/ {2}Socket.*\n.*\n/, '')).errors).toBe(0)
  expect(() => readLoad('unable to connect')).toThrow('unable to connect')
})

function sample(peer: string, microsPerRequest: number, errors = 0): Sample {
  return { peer, microsPerRequest, errors, requests: 1, p50Ms: 1, p99Ms: 2, residentMb: 10 }
}

test('a row is the median of its repetitions, its ratio that to the base', () => {
  const rows = rowsOf([
    sample('base', 10),
    sample('ours', 13),
    sample('base', 30),
    sample('ours', 12),
    sample('base', 20),
    sample('ours', 90),
  ])
  expect(rows.map((row) => row.microsPerRequest)).toEqual([20, 13])
  expect(table(rows, 'base')).toMatch(/ours\s+13\.0\s+0\.65/)
})

test('an error voids its row, and a void base gives no ratio', () => {
  const rows = rowsOf([sample('base', 10, 1), sample('ours', 13)])
  expect(rows.map((row) => row.void)).toEqual([true, false])
  expect(table(rows, 'base')).toMatch(/base\s+void[^\n]*\nours\s+13\.0\s+-/)
})

test.runIf(process.platform === 'linux')('work costs CPU time, and a process has memory', () => {
  const before = cpuMicros(process.pid)
  let sum = 0
  for (let at = 0; at < 20_000_000; at++) sum += at % 7
  expect(sum).toBeGreaterThan(0)
  expect(cpuMicros(process.pid)).toBeGreaterThan(before)
  expect(residentMb(process.pid)).toBeGreaterThan(1)
})

test('the CPU time of a tree counts children, those that have ended included, and no strangers', () => {
  const before = treeCpuSeconds(process.pid)
  execFileSync(process.execPath, ['-e', 'const end = performance.now() + 200; while (performance.now() < end);'])
  expect(treeCpuSeconds(process.pid) - before).toBeGreaterThan(0.05)
  expect(treeCpuSeconds(2 ** 30)).toBe(0)
})
