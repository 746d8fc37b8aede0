import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAttempt } from './attempt.ts'
import { MAX_LOG_TIMES_BYTES } from './limits.ts'
import { noteGrowth, noteLogTimes } from './log-times.ts'
import { boundLogs } from './logs.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-log-times-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the notes about a log stay within their bound, the last ones as they are', () => {
  const log = join(folder, 'web-0.app.log')
  const times = `${log}.times`
  const sizes = new Map<string, number>()
  writeFileSync(log, 'x')
  noteGrowth(folder, sizes, 1)
  const many = Math.ceil(MAX_LOG_TIMES_BYTES / 10)
  writeFileSync(times, Array.from({ length: many }, (_, index) => `${index + 1} 1000000\n`).join(''))
  appendFileSync(log, 'x'.repeat(many + 1))
  noteGrowth(folder, sizes, 1_000_001)
  expect(statSync(times).size).toBeLessThan(MAX_LOG_TIMES_BYTES)
  expect(readFileSync(times, 'utf8').trimEnd().split('\n').slice(-2)).toEqual([`${many - 1} 1000000`, `${many + 2} 1000001`])
})

test('a folder of logs that is gone ends nothing', () => {
  const said: string[] = []
  const attempt = createAttempt((line) => said.push(line))
  const stops = [noteLogTimes(folder, attempt), boundLogs(folder, attempt)]
  rmSync(folder, { recursive: true })
  for (const stop of stops) stop()
  expect(said).toEqual([expect.stringMatching(/^The times of logs cannot be noted: ENOENT/)])
})
