import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { FIRST_RESTART_MS, MAX_RESTART_MS, STABLE_MS } from './limits.ts'

export interface ChildSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Files to which it writes; may be the same. */
  readonly stdout: string
  readonly stderr: string
}

/** What became of a process: it runs under `pid`, or ended and comes back after `againMs`. */
export type ChildEvent =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number; readonly reason: string; readonly againMs: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly againMs: number }

/** One process of the mesh, started again with growing pauses whenever it ends before it is told to. */
export class Child {
  readonly spec: ChildSpec
  readonly #onEvent: (event: ChildEvent) => void
  #process: ChildProcess | undefined
  #again: NodeJS.Timeout | undefined
  #pauseMs = FIRST_RESTART_MS
  #startedMs = 0
  #stopping = false

  constructor(spec: ChildSpec, onEvent: (event: ChildEvent) => void) {
    this.spec = spec
    this.#onEvent = onEvent
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    const child = this.#process
    return child === undefined || child.exitCode !== null || child.signalCode !== null ? undefined : child.pid
  }

  /** Never throws: that it cannot be started is an event, too. */
  start(): void {
    this.#startedMs = performance.now()
    let child: ChildProcess
    try {
      child = this.#spawn()
    } catch (error) {
      return this.#failed(error as Error)
    }
    this.#process = child
    child.once('error', (error) => this.#failed(error))
    if (child.pid === undefined) return
    const { pid } = child
    child.once('exit', (code, signal) => this.#ended(pid, signal === null ? `with code ${code}` : `by ${signal}`))
    this.#onEvent({ kind: 'started', pid })
  }

  /** It is not started again; or is so after all. */
  settle(settled = true): void {
    this.#stopping = settled
    if (settled) clearTimeout(this.#again)
  }

  /** Resolves when the process that runs now has ended; at once when none does. */
  async gone(): Promise<void> {
    const child = this.#process
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    await new Promise((resolve) => child.once('exit', resolve))
  }

  /** Asks it to end, kills it after `graceMs`, and resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.settle()
    const child = this.#process
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const { pid } = child
    const gone = new Promise((resolve) => child.once('exit', resolve))
    signalGroup(pid, 'SIGTERM')
    const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
    await gone
    clearTimeout(kill)
    signalGroup(pid, 'SIGKILL')
  }

  /** A process group of its own: a Ctrl-C at the terminal reaches only the supervisor, which ends the others in order. */
  #spawn(): ChildProcess {
    const out = openSync(this.spec.stdout, 'a', 0o600)
    const err = openSync(this.spec.stderr, 'a', 0o600)
    try {
      return spawn(this.spec.command, this.spec.args, {
        cwd: this.spec.cwd,
        env: this.spec.env,
        detached: true,
        stdio: ['ignore', out, err],
      })
    } finally {
      closeSync(out)
      closeSync(err)
    }
  }

  #ended(pid: number, reason: string): void {
    signalGroup(pid, 'SIGKILL')
    if (this.#stopping) return
    this.#onEvent({ kind: 'ended', pid, reason, againMs: this.#later() })
  }

  #failed(error: Error): void {
    if (this.#stopping) return
    this.#onEvent({ kind: 'failed', reason: error.message, againMs: this.#later() })
  }

  #later(): number {
    if (performance.now() - this.#startedMs > STABLE_MS) this.#pauseMs = FIRST_RESTART_MS
    const pauseMs = this.#pauseMs
    this.#pauseMs = Math.min(pauseMs * 2, MAX_RESTART_MS)
    this.#again = setTimeout(() => this.start(), pauseMs)
    return pauseMs
  }
}

/** Signals a process and what it started; nothing happens when they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
