import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('testdata/ending-worker-main.ts', import.meta.url))
const run = async (end: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['--conditions=@mesh/source', MAIN, end])).stdout

test('the plug serves in a worker, and a worker that ends by itself leaves the process whole and nothing open', async () => {
  expect(await run('exit')).toBe('ended with 0, hello, then refused')
})

test('so does a worker that ends by what it throws', async () => {
  expect(await run('throw')).toBe('ended with 1, hello, then refused, thrown by the worker')
})
