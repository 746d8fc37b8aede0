import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Checkout } from './checkout.ts'

const run = promisify(execFile)

/** What is measured of both trees: CPU µs per request. */
export interface GuardRow {
  readonly name: string
  readonly micros: (checkout: Checkout) => Promise<number>
}

/** A sidecar without sockets: all that is measured is ours. */
export function simulated(row: string, requests: number): GuardRow {
  return {
    name: `simulator ${row}`,
    async micros({ root }) {
      const { stdout } = await source(root, 'tools/bench/simulator/simulator-main.ts', [row, String(requests)])
      return (JSON.parse(stdout) as { readonly micros: number }).micros
    },
  }
}

/** A sidecar on loopback under a real client; of its CPU time the part in user space. */
export function onLoopback(row: string): GuardRow {
  return {
    name: `loopback ${row}`,
    async micros({ root }) {
      const dir = mkdtempSync(join(tmpdir(), 'mesh-guard-run-'))
      const file = join(dir, 'result.json')
      try {
        const args = ['--quick', '--only', row, '--variants', 'mesh-fast', '--warm-up', '8', '--json', file]
        await source(root, 'tools/bench/main.ts', args)
        const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: readonly { readonly userUsPerRequest: number }[] }
        return rows[0]?.userUsPerRequest ?? Number.NaN
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    },
  }
}

function source(root: string, main: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  return run(process.execPath, ['--conditions=@mesh/source', join(root, main), ...args], { cwd: root, maxBuffer: 16 * 1024 * 1024 })
}
