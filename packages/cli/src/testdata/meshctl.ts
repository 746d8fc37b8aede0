import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

/** The program itself. */
export const MAIN = resolve(import.meta.dirname, '../../../../apps/meshctl/src/main.ts')

export interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real `meshctl` as a process of its own. */
export function meshctl(cwd: string, args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...own } = process.env
  // Nobody else's mesh on this machine is to be found.
  const env = { ...own, MESH_RUNTIME_DIR: '/nowhere', ...more }
  const child = spawn(process.execPath, ['--conditions=@mesh/source', MAIN, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done({ code, stdout, stderr }))
  })
}
