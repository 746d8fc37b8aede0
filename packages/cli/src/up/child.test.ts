import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Child, type ChildEvent } from './child.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-child-'))
})

afterEach(() => rmSync(dir, { recursive: true }))

/** What becomes of a process until `enough` of that was heard. */
const heard = async (log: string, enough: (events: readonly ChildEvent[]) => boolean): Promise<readonly ChildEvent[]> => {
  const events: ChildEvent[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const spec = { name: 'web', command: process.execPath, args: ['-e', 'setTimeout(() => {}, 60000)'], cwd: dir, env: {} }
  const child = new Child({ ...spec, stdout: log, stderr: log }, (event) => {
    events.push(event)
    if (enough(events)) resolve()
  })
  child.start()
  await promise
  await child.stop(0)
  return events
}

test('a process whose log cannot be written fails to start, with pauses that grow, and starts when it can', async () => {
  const logs = join(dir, 'logs')
  const events = await heard(join(logs, 'web.log'), (all) => {
    if (all.length === 2) mkdirSync(logs)
    return all.at(-1)?.kind === 'started'
  })
  expect(events).toMatchObject([
    { kind: 'failed', reason: expect.stringContaining('ENOENT'), againMs: 100 },
    { kind: 'failed', againMs: 200 },
    { kind: 'started' },
  ])
  expect(existsSync(join(logs, 'web.log'))).toBe(true)
})
