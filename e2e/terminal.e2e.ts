import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processesNaming } from './src/process.ts'
import { Terminal } from './src/terminal.ts'
import { until } from './src/wait.ts'

const hasScript = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
})()

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-terminal-'))
})

afterEach(() => rmSync(dir, { recursive: true }))

test.runIf(hasScript)(
  'a person is asked two questions, sees the start as it goes on, the logs in colours, and ends all with Ctrl-C',
  async () => {
    const init = new Terminal(dir, 'init')
    await init.until(/Name of the mesh \[mesh-terminal-.*\]: /)
    init.type('My Shop\r')
    await init.until(/lower case letters/)
    init.type('my-shop\r')
    await init.until(/Port for callers from outside \[8080\]: /)
    init.type('\r')
    expect(await init.ended()).toBe(0)
    expect(readFileSync(join(dir, 'mesh.yaml'), 'utf8')).toContain('name: my-shop')

    const up = new Terminal(dir, 'up')
    await up.until(/ ca ok · pilot \.\.\. · 0\/5 proxies · \d\/4 apps \(\d:\d\d\)/, 60_000)
    await up.until(/ ca ok · pilot ok · 5 proxies synced \(\d:\d\d\)\r\n/, 60_000)
    await up.until(
      / my-shop {2}http:\/\/localhost:\d+\/\r\n config {3}config .*\r\n traces {3}.*\r\n next {5}(?:npx )?meshctl ps \| logs .* Ctrl-C stops all\r\n/,
    )

    const logs = new Terminal(dir, 'logs', 'greeter', 'web')
    expect(await logs.ended()).toBe(0)
    const colours = new Set([...logs.shown.matchAll(/\[(\d+)m(?:greeter-0|greeter-1|web-0) *.\[39m/g)].map(([, colour]) => colour))
    expect(colours.size).toBe(3)

    up.type('\u0003')
    await up.until(/Stopping; Ctrl-C once more ends everything at once\./)
    await up.until(/my-shop has stopped\.\r\n/)
    expect(await up.ended()).toBe(0)
    await until('nothing of it to run', () => processesNaming(dir).length === 0)
  },
)

test.runIf(hasScript)('a second Ctrl-C ends at once what does not end by itself', async () => {
  expect(await new Terminal(dir, 'init', '--yes').ended()).toBe(0)
  const stubborn = 'trap "" TERM; while :; do sleep 1; done'
  execFileSync('sh', ['-c', `printf '  stubborn:\\n    command: |\\n      ${stubborn}\\n' >> mesh.yaml`], { cwd: dir })
  const up = new Terminal(dir, 'up')
  await up.until(/proxies synced/, 60_000)
  up.type('\u0003')
  await up.until(/Stopping; Ctrl-C once more/)
  await new Promise((resolve) => setTimeout(resolve, 1200))
  up.type('\u0003')
  expect(await up.ended()).toBe(0)
  await until('nothing of it to run', () => processesNaming(dir).length === 0)
})
