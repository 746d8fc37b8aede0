import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { incomingSet, STDIN } from './incoming.ts'
import { STORE_LIMITS } from './limits.ts'
import { withLock } from './lock.ts'
import { planPut } from './plan-put.ts'
import type { StoreFolders } from './store-folders.ts'
import { changeStore } from './transaction.ts'

let root: string
let folders: StoreFolders
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meshctl-store-'))
  folders = { config: [root], registry: join(root, '../none'), applied: join(root, 'applied') }
})
afterEach(() => rmSync(root, { recursive: true }))

const account = (name: string, label: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, labels: {v: ${label}}}\n`
const lock = (): string => join(root, '.meshctl.lock')
const file = (): string => join(root, 'all.yaml')

function change(name: string, label: string, meanwhile: () => void = () => {}) {
  const { objects } = incomingSet([{ file: STDIN, text: account(name, label) }], undefined)
  return changeStore(folders, (store) => {
    const planned = planPut(store, objects, { verb: 'apply', folders })
    meanwhile()
    return planned
  })
}

test('of many writers to one file none loses what another wrote', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `a${index}`)
  writeFileSync(file(), names.map((name) => account(name, 'before')).join('---\n'))
  await Promise.all(names.map((name) => change(name, 'after')))
  expect(readFileSync(file(), 'utf8')).toBe(names.map((name) => account(name, 'after')).join('---\n'))
  expect(readdirSync(root)).toEqual(['all.yaml'])
})

test('what somebody saves while a change is made is kept: the change is made anew on it', async () => {
  writeFileSync(file(), `${account('a', 'one')}---\n${account('b', 'one')}`)
  let saves = 0
  await change('a', 'two', () => {
    if (saves++ < 2) writeFileSync(file(), `# saved ${saves}\n${account('a', 'one')}---\n${account('b', 'saved')}`)
  })
  expect([saves, readFileSync(file(), 'utf8')]).toEqual([3, `# saved 2\n${account('a', 'two')}---\n${account('b', 'saved')}`])
})

test('a configuration that never rests is given up, and nothing stays behind', async () => {
  let saves = 0
  const busy = change('a', 'two', () => writeFileSync(file(), `# ${saves++}\n`))
  await expect(busy).rejects.toThrow('keeps changing')
  expect([saves, readdirSync(root)]).toEqual([STORE_LIMITS.maxTries, ['all.yaml']])
})

test('an interrupt before the first file is written changes nothing and leaves no lock', async () => {
  writeFileSync(file(), account('a', 'one'))
  const { objects } = incomingSet([{ file: STDIN, text: account('a', 'two') }], undefined)
  const stop = new AbortController()
  const stopped = changeStore(
    folders,
    (store) => {
      expect(existsSync(lock())).toBe(true)
      setImmediate(() => stop.abort())
      return planPut(store, objects, { verb: 'apply', folders })
    },
    stop.signal,
  )
  await expect(stopped).rejects.toMatchObject({ code: 130, message: 'Interrupted. Nothing is changed.' })
  expect([readFileSync(file(), 'utf8'), readdirSync(root)]).toEqual([account('a', 'one'), ['all.yaml']])
})

test('an interrupt ends the wait for the lock of another, which stays', async () => {
  writeFileSync(lock(), `${process.pid}\n`)
  const stop = new AbortController()
  const waiting = withLock(root, async () => 'ran', stop.signal)
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ code: 130 })
  expect(existsSync(lock())).toBe(true)
})

test('the lock of a process that is gone, or that went before it wrote itself down, is broken', async () => {
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((ended) => gone.once('exit', ended))
  writeFileSync(lock(), `${gone.pid}\n`)
  expect(await withLock(root, async () => readFileSync(lock(), 'utf8'))).toBe(`${process.pid}\n`)
  writeFileSync(lock(), '')
  const old = (Date.now() - 2 * STORE_LIMITS.breakLockMs) / 1000
  utimesSync(lock(), old, old)
  expect(await withLock(root, async () => readFileSync(lock(), 'utf8'))).toBe(`${process.pid}\n`)
  expect(existsSync(lock())).toBe(false)
})

test('several who find one stale lock hold it one after the other', async () => {
  writeFileSync(lock(), '2147483646\n')
  let inside = 0
  let most = 0
  const hold = (): Promise<void> =>
    withLock(root, async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside--
    })
  await Promise.all(Array.from({ length: 8 }, hold))
  expect(most).toBe(1)
})

test('a failure lets the lock go', async () => {
  await expect(withLock(root, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(lock())).toBe(false)
})

test('a change that cannot be written says so in a sentence, and leaves every file as it was', async () => {
  writeFileSync(file(), account('a', 'one'))
  writeFileSync(join(root, 'applied'), 'in the way')
  const { objects } = incomingSet([{ file: STDIN, text: `${account('a', 'two')}---\n${account('fresh', 'one')}` }], undefined)
  const failing = changeStore(folders, (store) => planPut(store, objects, { verb: 'apply', folders }))
  await expect(failing).rejects.toThrow('Nothing is changed: ')
  expect([readFileSync(file(), 'utf8'), readdirSync(root).sort()]).toEqual([account('a', 'one'), ['all.yaml', 'applied']])
})
