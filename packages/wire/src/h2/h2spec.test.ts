import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { serveH2 } from './testdata/serve.ts'

const missing = spawnSync('h2spec', ['--version']).error !== undefined
if (missing) process.stdout.write('skipped: h2spec (it is not on PATH; .ci/run shows how it is installed)\n')

test.skipIf(missing)('h2spec finds nothing', { timeout: 120_000 }, async () => {
  const server = await serveH2()
  try {
    const { stdout } = await promisify(execFile)('h2spec', ['-h', '127.0.0.1', '-p', String(server.port), '-o', '5', '--timeout', '10'])
    expect(stdout).toMatch(/145 tests, 145 passed, 0 skipped, 0 failed/)
  } finally {
    server.close()
  }
})
