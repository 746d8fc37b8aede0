import { spawn, type ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GUARD_RESTART_MS } from './limits.ts'

/** A small process beside the supervisor which ends the others when the supervisor is killed. */
export class Guard {
  readonly #pids = new Set<number>()
  readonly #env: NodeJS.ProcessEnv
  #process: ChildProcess | undefined
  #closed = false

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
    this.#start()
  }

  add(pid: number): void {
    this.#pids.add(pid)
    this.#tell(`add ${pid}`)
  }

  remove(pid: number): void {
    this.#pids.delete(pid)
    this.#tell(`remove ${pid}`)
  }

  /** Ends the guard; what it still watches lives on. */
  async close(): Promise<void> {
    this.#closed = true
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    this.#tell('done')
    child.stdin?.end()
    await gone
  }

  /** A guard that was killed is replaced. */
  #start(): void {
    const main = fileURLToPath(new URL(`./guard-main${extname(import.meta.filename)}`, import.meta.url))
    try {
      const child = spawn(process.execPath, [main], { env: this.#env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
      child.on('error', () => this.#again(child))
      child.once('exit', () => this.#again(child))
      child.stdin.on('error', () => {})
      this.#process = child
      for (const pid of this.#pids) this.#tell(`add ${pid}`)
    } catch {
      this.#again(undefined)
    }
  }

  /** The machine may have no process left for it now. */
  #again(child: ChildProcess | undefined): void {
    if (this.#closed || this.#process !== child) return
    this.#process = undefined
    setTimeout(() => this.#closed || this.#start(), GUARD_RESTART_MS).unref()
  }

  #tell(line: string): void {
    const stdin = this.#process?.stdin
    if (stdin?.writable === true) stdin.write(`${line}\n`)
  }
}
