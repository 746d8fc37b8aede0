import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from './ready.ts'
import { endLeftovers, RUN_VARIABLE } from './stale.ts'

/** Whether a process runs; one that ended and that nobody has waited for does not. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const gone = (pid: number): Promise<boolean> => until(async () => !alive(pid), AbortSignal.timeout(15_000))

test.runIf(process.platform === 'linux')('what a killed supervisor had started ends, with all that it had started itself', async () => {
  const supervisor = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, 'testdata/guarded.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer]
  const [child = 0, guard = 0] = line.toString().trim().split(' ').map(Number)
  expect([alive(child), alive(guard)]).toEqual([true, true])
  supervisor.kill('SIGKILL')
  expect(await gone(child)).toBe(true)
  expect(await gone(guard)).toBe(true)
})

test.runIf(process.platform === 'linux')('leftovers of an earlier run are found by their environment, others are left alone', async () => {
  const start = (root: string): number =>
    Number(spawn('sleep', ['1000'], { env: { ...process.env, [RUN_VARIABLE]: root }, stdio: 'ignore' }).pid)
  const [ours, other] = [start('/ours/.mesh'), start('/other/.mesh')]
  expect(await until(async () => alive(ours) && alive(other), AbortSignal.timeout(5000))).toBe(true)
  expect(await endLeftovers('/ours/.mesh')).toBe(1)
  expect(await gone(ours)).toBe(true)
  expect(alive(other)).toBe(true)
  expect(await endLeftovers('/other/.mesh')).toBe(1)
})
