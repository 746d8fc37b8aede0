import { execFile } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fastIo, type Binding } from '@mesh/io/fast'
import { expect, test } from 'vitest'

function taken(binding?: Binding): string {
  try {
    return fastIo({ onFault: () => undefined, ...(binding === undefined ? {} : { binding }) }).binding
  } catch (error) {
    return String(error)
  }
}
const withOther = async (module: string): Promise<string> => {
  const main = fileURLToPath(new URL('testdata/other-koffi-main.ts', import.meta.url))
  return (await promisify(execFile)(process.execPath, ['--conditions=@mesh/source', main, module])).stdout
}

test("Node's own binding is taken where it has one, koffi elsewhere, and the plug tells which", () => {
  const own = isBuiltin('node:ffi')
  expect(taken()).toBe(own ? 'node:ffi' : 'koffi')
  expect(taken('node:ffi')).toBe(own ? 'node:ffi' : `FastUnavailable: Node ${process.versions.node} has no node:ffi.`)
  expect(taken('koffi')).toBe('koffi')
})

test('without the package koffi it cannot be had, and says why and what to do', async () => {
  expect(await withOther('no-such-package')).toBe(
    'FastUnavailable: Without node:ffi, which Node 26 has, it needs the package koffi, which is not installed: npm install koffi.',
  )
})

test('a koffi that does not load is told with its own words', async () => {
  expect(await withOther('node:path')).toMatch(
    /^FastUnavailable: .* koffi, which does not load \(.*is not a function\): npm install koffi\.$/,
  )
})
