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
  /** Those that end by themselves, for another one of their name has taken over, or is about to. */
  readonly #leaving = new Set<Known>()
  readonly #guard: Guard
  #graceMs = STOP_GRACE_MS
  #settled = false

  constructor(options: ChildrenOptions) {
    this.#options = options
    this.#guard = new Guard(options.env)
  }

  /** Starts a process; `onEvent` hears what becomes of it. */
  run(spec: ChildSpec, onEvent: (event: ChildEvent) => void = () => {}): void {
    this.#run(spec, onEvent)
  }

  /**
   * Starts a process that takes over from the one of its name, which ends by itself once it has. Answers whether that came before `signal` aborts;
   * else the new one is ended, and the old one stays. Until then `onEvent` hears nothing.
   */
  async succeed(spec: ChildSpec, onEvent: (event: ChildEvent) => void, signal: AbortSignal): Promise<boolean> {
    const before = this.#known.get(spec.name)
    if (before === undefined) return false
    const { pid } = before.child
    before.child.settle()
    this.#leaving.add(before)
    const { promise: failed, resolve: fail } = Promise.withResolvers<false>()
    signal.addEventListener('abort', () => fail(false), { once: true })
    let taken = false
    const next = this.#run(spec, (event) => {
      if (taken) return onEvent(event)
      if (event.kind !== 'started') fail(false)
      return 'alone'
    })
    taken = await Promise.race([before.child.gone().then(() => true), failed])
    this.#leaving.delete(before)
    if (taken) {
      if (pid !== undefined) this.#guard.remove(pid)
      return true
    }
    await this.#stop(next)
    if (before.child.pid !== undefined && !this.#settled) before.child.settle(false)
    this.#known.set(spec.name, before)
    return false
  }

  #run(spec: ChildSpec, onEvent: (event: ChildEvent) => void | 'alone'): Known {
    const child = new Child(spec, (event) => {
      this.#note(known, event)
      // What another one should have taken over from, and did not, is no matter of the mesh.
      if (onEvent(event) !== 'alone') this.#options.onChange(spec.name, event)
    })
    const known: Known = { child, restarts: -1, startedAtMs: 0, lastEnd: undefined }
    this.#known.set(spec.name, known)
    child.start()
    return known
  }

  /** Ends a process for good; nothing happens where there is none. */
  async end(name: string): Promise<void> {
    const known = this.#known.get(name)
    if (known === undefined) return
    await this.#stop(known)
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
    this.#settled = true
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
    for (const { child } of this.#leaving) if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
  }

  /** Ends what still runs, and then the guard. */
  async close(): Promise<void> {
    await Promise.all([...[...this.#known.keys()].map((name) => this.end(name)), ...[...this.#leaving].map((known) => this.#stop(known))])
    await this.#guard.close()
  }

  async #stop({ child }: Known): Promise<void> {
    const { pid } = child
    await child.stop(this.#graceMs)
    if (pid !== undefined) this.#guard.remove(pid)
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
