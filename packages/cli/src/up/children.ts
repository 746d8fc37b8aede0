import { Child, signalGroup, type ChildEvent, type ChildSpec } from './child.ts'
import { Guard } from './guard.ts'
import { STOP_GRACE_MS } from './limits.ts'

/** A process of the mesh as it is now. */
export interface ChildState {
  /** 0 while it does not run. */
  readonly pid: number
  /** How often it was started again. */
  readonly restarts: number
  /** When it was started last, Unix milliseconds. */
  readonly startedAtMs: number
  /** How it ended last: `ended with code 1`. */
  readonly lastEnd: string | undefined
  readonly log: string
}

export interface ChildrenOptions {
  /** Environment of the guard. */
  readonly env: NodeJS.ProcessEnv
  /** A process was started or has ended. */
  readonly onChange: (name: string, event: ChildEvent) => void
}

interface Known {
  readonly child: Child
  restarts: number
  startedAtMs: number
  lastEnd: string | undefined
}

/** All processes that run, by name, each started again until it is ended; a guard ends them when this process is killed. */
export class Children {
  readonly #options: ChildrenOptions
  readonly #known = new Map<string, Known>()
  readonly #guard: Guard
  #graceMs = STOP_GRACE_MS

  constructor(options: ChildrenOptions) {
    this.#options = options
    this.#guard = new Guard(options.env)
  }

  /** Starts a process; `onEvent` hears what becomes of it. */
  run(spec: ChildSpec, onEvent: (event: ChildEvent) => void = () => {}): void {
    const child = new Child(spec, (event) => {
      this.#note(known, event)
      onEvent(event)
      this.#options.onChange(spec.name, event)
    })
    const known: Known = { child, restarts: -1, startedAtMs: 0, lastEnd: undefined }
    this.#known.set(spec.name, known)
    child.start()
  }

  /** Ends a process for good; nothing happens where there is none. */
  async end(name: string): Promise<void> {
    const known = this.#known.get(name)
    if (known === undefined) return
    const { pid } = known.child
    await known.child.stop(this.#graceMs)
    if (pid !== undefined) this.#guard.remove(pid)
    if (this.#known.get(name) === known) this.#known.delete(name)
  }

  get(name: string): ChildState | undefined {
    const known = this.#known.get(name)
    if (known === undefined) return undefined
    const { child, restarts, startedAtMs, lastEnd } = known
    return { pid: child.pid ?? 0, restarts: Math.max(0, restarts), startedAtMs, lastEnd, log: child.spec.stderr }
  }

  /** From now on nothing that ends is started again. */
  settle(): void {
    for (const { child } of this.#known.values()) child.settle()
  }

  /** Signals a process, where it runs. */
  signal(name: string, signal: NodeJS.Signals): void {
    const pid = this.#known.get(name)?.child.pid
    if (pid !== undefined) signalGroup(pid, signal)
  }

  /** From now on nothing gets time to end. */
  kill(): void {
    this.#graceMs = 0
    for (const name of this.#known.keys()) this.signal(name, 'SIGKILL')
  }

  /** Ends what still runs, and then the guard. */
  async close(): Promise<void> {
    await Promise.all([...this.#known.keys()].map((name) => this.end(name)))
    await this.#guard.close()
  }

  #note(known: Known, event: ChildEvent): void {
    if (event.kind === 'started') {
      known.restarts++
      known.startedAtMs = Date.now()
      this.#guard.add(event.pid)
      return
    }
    known.lastEnd = event.kind === 'ended' ? `ended ${event.reason}` : `could not be started (${event.reason})`
    if (event.kind === 'ended') this.#guard.remove(event.pid)
  }
}
