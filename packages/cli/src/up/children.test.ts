import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

/** Runs a process that notes each of its starts and ends; `until` decides at which event all is known. */
const runShort = (until: (event: ChildEvent, count: number) => boolean): Promise<void> =>
  new Promise((resolve) => {
    let count = 0
    const log = join(dir, 'log')
    const spec = { name: 'short', command: '/bin/sh', args: ['-c', 'echo started'], cwd: dir, env: {}, stdout: log, stderr: log }
    children.run(spec, (event) => {
      if (until(event, ++count)) resolve()
    })
  })

const starts = (): number => readFileSync(join(dir, 'log'), 'utf8').split('\n').length - 1

test('a process that ends by itself is started again', async () => {
  await runShort((event, count) => event.kind === 'started' && count > 1)
  expect(children.get('short')?.restarts).toBe(1)
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
