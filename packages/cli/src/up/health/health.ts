import { REGISTER_RETRY_MS } from '../limits.ts'
import type { PlannedWorkload } from '../plan.ts'
import { ReplicaHealth, type Hindrance } from './replica-health.ts'

export interface HealthOptions {
  /** Writes whether a replica takes traffic into the registry; answers whether that went well, and is asked again where it did not. */
  readonly register: (replica: PlannedWorkload, ready: boolean) => boolean
  /** Takes one line for the person at the terminal. */
  readonly say: (line: string) => void
  /** Told when a proxy that runs says why it cannot be ready; `health.of(name).proxyFailure` is the reason. */
  readonly onProxyFailure?: (name: string) => void
}

/** Which replicas can take traffic. While the mesh starts all are taken to; once it is open, those that cannot are taken out, and put back. */
export class Health {
  readonly #options: HealthOptions
  readonly #replicas = new Map<string, ReplicaHealth>()
  /** What the registry says; absent: ready. */
  readonly #out = new Map<string, readonly Hindrance[]>()
  readonly #waiting = new Set<() => void>()
  #open = false
  #again: NodeJS.Timeout | undefined

  constructor(options: HealthOptions) {
    this.#options = options
  }

  /** A replica that is planned; one that comes later than the others is in the registry from now on, without traffic. */
  add(replica: PlannedWorkload): ReplicaHealth {
    const health = new ReplicaHealth({ replica, onChange: (changed) => this.#onChange(changed) })
    this.#replicas.set(replica.name, health)
    if (this.#open) this.#register(health)
    return health
  }

  remove(name: string): void {
    this.#replicas.get(name)?.close()
    this.#replicas.delete(name)
    this.#out.delete(name)
    this.#wake()
  }

  of(name: string): ReplicaHealth | undefined {
    return this.#replicas.get(name)
  }

  /** From now on the registry tells which replicas are ready. */
  open(): void {
    this.#open = true
    this.#registerAll()
  }

  close(): void {
    this.#open = false
    clearTimeout(this.#again)
    for (const health of this.#replicas.values()) health.close()
    this.#replicas.clear()
    this.#wake()
  }

  /** Waits until nothing but `except` hinders a replica; answers whether that came before `signal` aborted. */
  async untilReady(name: string, signal: AbortSignal, except: readonly Hindrance[] = []): Promise<boolean> {
    const isSo = (): boolean => this.of(name)?.hindrances.every((one) => except.includes(one)) === true
    while (!isSo() && this.#replicas.has(name) && !signal.aborted) await this.#change(signal)
    return isSo()
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  #onChange(health: ReplicaHealth): void {
    if (this.#open) this.#register(health)
    if (health.proxyFailure !== undefined) this.#options.onProxyFailure?.(health.replica.name)
    this.#wake()
  }

  /** The registry changes only where it says something else, and what a probe decides is told. */
  #register(health: ReplicaHealth): void {
    const { replica, ready, hindrances } = health
    const before = this.#out.get(replica.name)
    if (ready !== (before === undefined) && !this.#options.register(replica, ready)) return this.#registerLater()
    if (ready) this.#out.delete(replica.name)
    else this.#out.set(replica.name, hindrances)
    if (!ready && hindrances.includes('probe') && before?.includes('probe') !== true)
      this.#options.say(`${replica.name} takes no traffic: ${health.failure ?? 'its probe fails'}`)
    if (ready && before?.includes('probe') === true) this.#options.say(`${replica.name} takes traffic again`)
  }

  #registerAll(): void {
    for (const health of this.#replicas.values()) this.#register(health)
  }

  #registerLater(): void {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#registerAll(), REGISTER_RETRY_MS).unref()
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }
}
