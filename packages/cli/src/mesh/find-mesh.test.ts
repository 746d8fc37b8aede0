import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lookForMesh } from './find-mesh.ts'

let dir: string
let root: string
let file: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-find-'))
  root = join(dir, '.mesh')
  file = join(root, 'run.json')
  mkdirSync(join(dir, 'below'))
  mkdirSync(root, { mode: 0o700 })
  writeFileSync(file, JSON.stringify({ name: 'found', pid: process.pid }), { mode: 0o600 })
})

afterEach(() => rmSync(dir, { recursive: true }))

const found = (): string | undefined => lookForMesh(join(dir, 'below'))?.run.name

test('a mesh is found from below its folder', () => expect(found()).toBe('found'))

test('what others may write to is no mesh', () => {
  chmodSync(file, 0o620)
  expect(found()).toBeUndefined()
  chmodSync(file, 0o600)
  chmodSync(root, 0o702)
  expect(found()).toBeUndefined()
})

test('what leads elsewhere is no mesh', () => {
  rmSync(file)
  writeFileSync(join(dir, 'other.json'), JSON.stringify({ name: 'other', pid: process.pid }), { mode: 0o600 })
  symlinkSync(join(dir, 'other.json'), file)
  expect(found()).toBeUndefined()
})
