import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChildEvent } from './child.ts'
import { Children } from './children.ts'

let dir = ''
let children: Children

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-children-'))
  children = new Children({ env: process.env, onChange: () => {} })
})

afterEach(async () => {
  await children.end('short')
  await children.close()
  rmSync(dir, { recursive: true, force: true })
})

const spec = (line: string) => {
  const log = join(dir, 'log')
  return { name: 'short', command: '/bin/sh', args: ['-c', line], cwd: dir, env: { PATH: process.env['PATH'] }, stdout: log, stderr: log }
}

/** Runs a process that notes each of its starts and ends; `until` decides at which event all is known. */
const runShort = (until: (event: ChildEvent, count: number) => boolean, line = 'echo started'): Promise<void> =>
  new Promise((resolve) => {
    let count = 0
    children.run(spec(line), (event) => {
      if (until(event, ++count)) resolve()
    })
  })

const starts = (): number => readFileSync(join(dir, 'log'), 'utf8').split('\n').length - 1

test('a process that ends by itself is started again', async () => {
  await runShort((event, count) => event.kind === 'started' && count > 1)
  expect(children.get('short')?.restarts).toBe(1)
})

/** Ends by itself as soon as a file of that name is there. */
const until = (file: string): string => `until [ -e ${join(dir, file)} ]; do sleep 0.02; done`

test('one that takes over is in the place of the one before, when that has gone by itself', async () => {
  await runShort((event) => event.kind === 'started', until('taken'))
  const before = children.get('short')?.pid
  const events: string[] = []
  const succeeded = children.succeed(spec(until('never')), ({ kind }) => events.push(kind), AbortSignal.timeout(10_000))
  writeFileSync(join(dir, 'taken'), '')
  expect(await succeeded).toBe(true)
  const { pid, restarts } = children.get('short') ?? {}
  expect([pid === before, (pid ?? 0) > 0, restarts, events]).toEqual([false, true, 0, []])
})

test('one that cannot take over is gone again, and the one before is kept running', async () => {
  await runShort((event) => event.kind === 'started', until('end'))
  const before = children.get('short')?.pid
  expect(await children.succeed(spec('exit 1'), () => {}, AbortSignal.timeout(10_000))).toBe(false)
  expect(children.get('short')?.pid).toBe(before)
  writeFileSync(join(dir, 'end'), '')
  while ((children.get('short')?.restarts ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
})

test('one that does not take over in time is ended', async () => {
  await runShort((event) => event.kind === 'started', until('never'))
  const before = children.get('short')?.pid
  expect(await children.succeed(spec(until('never')), () => {}, AbortSignal.timeout(50))).toBe(false)
  expect(children.get('short')?.pid).toBe(before)
})

test('once all is to end, what ends by itself stays ended', async () => {
  let pauseMs = 0
  await runShort((event) => {
    if (event.kind === 'ended') pauseMs = event.againMs
    return event.kind === 'ended'
  })
  children.settle()
  await new Promise((resolve) => setTimeout(resolve, pauseMs * 3))
  expect(starts()).toBe(1)
  expect(children.get('short')?.restarts).toBe(0)
})
