import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { connect } from 'node:net'

/** A program that a tool started. */
export interface Child {
  readonly pid: number
  readonly process: ChildProcess
  /** All that it wrote on standard output so far; nothing is kept where `keep` was false. */
  stdout(): string
  stderr(): string
  /** Resolves with the exit code. */
  stop(): Promise<number | null>
}

export interface ChildOptions extends SpawnOptions {
  /** Whether its output is kept; else it is read and forgotten. */
  readonly keep?: boolean
}

const STARTS_WITHIN_MS = 60_000
const ENDS_WITHIN_MS = 15_000

/** Starts a program, and resolves when its port answers. */
export async function startChild(command: readonly string[], port: number, options: ChildOptions = {}): Promise<Child> {
  const { keep = true, ...rest } = options
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...rest })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (piece: Buffer) => {
      if (keep || name === 'stderr') output[name] += piece.toString('latin1')
    })
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code} before it was ready:\n${output.stderr}`)))
  })
  gone.catch(() => undefined)
  await Promise.race([answers(port), gone])
  if (child.pid === undefined) throw new Error(`${program} has no process id`)
  return { pid: child.pid, process: child, stdout: () => output.stdout, stderr: () => output.stderr, stop: () => stop(child) }
}

function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
    child.once('exit', (code) => {
      clearTimeout(late)
      resolve(code)
    })
    child.kill('SIGTERM')
  })
}

async function answers(port: number): Promise<void> {
  const end = performance.now() + STARTS_WITHIN_MS
  while (!(await accepts(port))) {
    if (performance.now() > end) throw new Error(`nothing answers at port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
