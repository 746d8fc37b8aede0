import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('testdata/exhaust-main.ts', import.meta.url))

test.runIf(process.platform === 'linux')(
  'without file descriptors connections fail by name, and those that are there live on',
  async () => {
    const command = `ulimit -n 64; exec "$0" --conditions=@mesh/source "$1"`
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command, process.execPath, MAIN])
    const told = JSON.parse(stdout) as { codes: string[]; faults: number; echoed: string }
    expect(told.codes).toContain('connect exhausted')
    expect(told).toMatchObject({ faults: 0, echoed: 'still here' })
  },
)
