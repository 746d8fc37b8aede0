import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { forgetRunning, noteRunning, notedDirs } from './running-index.ts'

let dir: string
let env: NodeJS.ProcessEnv

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-index-'))
  env = { MESH_RUNTIME_DIR: join(dir, 'index') }
})

afterEach(() => rmSync(dir, { recursive: true }))

test('a mesh that runs is noted until it is forgotten, and then nothing stays', () => {
  noteRunning('/one', '127.64', env)
  noteRunning('/two', '127.65', env)
  expect(notedDirs(env)).toEqual(['/one', '/two'])
  forgetRunning('/one', env)
  expect(notedDirs(env)).toEqual(['/two'])
  forgetRunning('/two', env)
  expect(existsSync(join(dir, 'index'))).toBe(false)
  forgetRunning('/two', env)
})

test('a folder that others may write to, or that leads elsewhere, is neither read nor written', () => {
  noteRunning('/one', '127.64', env)
  chmodSync(join(dir, 'index'), 0o777)
  expect(notedDirs(env)).toEqual([])
  noteRunning('/two', '127.65', env)
  chmodSync(join(dir, 'index'), 0o700)
  expect(notedDirs(env)).toEqual(['/one'])
  mkdirSync(join(dir, 'real'), { mode: 0o700 })
  symlinkSync(join(dir, 'real'), join(dir, 'link'))
  noteRunning('/one', '127.64', { MESH_RUNTIME_DIR: join(dir, 'link') })
  expect(existsSync(join(dir, 'real/127.64'))).toBe(false)
})

test('where nothing can be noted nothing is', () => {
  const nowhere = { MESH_RUNTIME_DIR: '/proc/nowhere' }
  noteRunning('/one', '127.64', nowhere)
  expect(notedDirs(nowhere)).toEqual([])
})
