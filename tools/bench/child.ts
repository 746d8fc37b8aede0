import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { connect, createServer, type AddressInfo } from 'node:net'
import type { Running } from './peers/peer.ts'

/** Where a process runs: the one under test alone on a core, all others on the other. */
export type Core = 'tested' | 'rest'

/** A process of the bench; `pid` is its own, not that of the tool that placed it. */
export interface Child {
  readonly pid: number
  /** When it was started, by `performance.now()`. */
  readonly startedMs: number
  stop(): Promise<void>
}

const alive = new Set<ChildProcess>()
// Whatever ends the bench ends its children, too.
process.once('exit', () => alive.forEach((child) => child.kill()))

/** Starts a program on its core; where there is one core only, all share it. */
export function start(core: Core, command: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const [program = '', ...args] = placed(core, command)
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}

/** Starts a server and resolves when its port answers. */
export async function startServer(core: Core, command: readonly string[], port: number, options?: SpawnOptions): Promise<Child> {
  const startedMs = performance.now()
  const child = start(core, command, options)
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command[0]} ended with ${code} before it was ready`)))
  })
  gone.catch(() => undefined)
  await Promise.race([answers(port), gone])
  const { pid } = child
  if (pid === undefined) throw new Error(`${command[0]} has no process id`)
  return { pid, startedMs, stop: () => stop(child) }
}

/** A proxy of one process. */
export function runningOf(port: number, { pid, startedMs, stop }: Child): Running {
  return { port, pids: [pid], startedMs, stop }
}

/** Runs a program of the client's side to its end and answers what it printed. */
export async function output(command: readonly string[]): Promise<string> {
  const child = start('rest', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}:\n${text}`)
  return text
}

/** A port that nobody uses at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** `taskset` replaces itself by the program, so that the process id stays. */
function placed(core: Core, command: readonly string[]): readonly string[] {
  return availableParallelism() < 2 ? command : ['taskset', '-c', core === 'tested' ? '0' : '1', ...command]
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

const POLL_MS = 5

async function answers(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
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
