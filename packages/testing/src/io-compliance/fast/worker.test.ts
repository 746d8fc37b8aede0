import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { BINDINGS } from './bindings.ts'

const MAIN = fileURLToPath(new URL('testdata/ending-worker-main.ts', import.meta.url))
const run = async (end: string, binding: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['--conditions=@mesh/source', MAIN, end, binding])).stdout

test.each(BINDINGS)(
  'by %s the plug serves in a worker, and one that ends by itself leaves the process whole and nothing open',
  async (binding) => {
    expect(await run('exit', binding)).toBe('ended with 0, hello, then refused')
    expect(await run('throw', binding)).toBe('ended with 1, hello, then refused, thrown by the worker')
  },
)
