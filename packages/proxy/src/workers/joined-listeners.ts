import type { View } from '@mesh/core/view'
import type { ListenerChange, UnboundListener } from '../listen/listener-set.ts'
import type { BoundPlace, NodeListeners } from '../node-plane.ts'
import type { ListenersState } from './messages.ts'

/** The listeners of all workers as one: bound where every worker has it, not bound where one cannot. */
export class JoinedListeners implements NodeListeners {
  readonly #states = new Map<number, ListenersState>()
  readonly #watchers = new Set<(change: ListenerChange) => void>()
  readonly #view: () => View
  readonly #onFault: (error: unknown) => void
  #told: ReadonlyMap<string, string> = new Map()

  constructor({ view, onFault }: { readonly view: () => View; readonly onFault: (error: unknown) => void }) {
    this.#view = view
    this.#onFault = onFault
  }

  get bound(): readonly BoundPlace[] {
    const [first, ...others] = this.#states.values()
    return (first?.bound ?? []).flatMap((one) => {
      const listener = this.#view().listeners.find(({ name }) => name === one.listener)
      const same = others.flatMap(({ bound }) => bound.find((other) => other.listener === one.listener && other.port === one.port) ?? [])
      if (listener === undefined || same.length < others.length) return []
      return [{ plan: { listener }, socket: one, others: same.map(({ descriptor }) => descriptor) }]
    })
  }

  get unbound(): readonly UnboundListener[] {
    const byName = new Map<string, UnboundListener>()
    for (const { unbound } of this.#states.values()) for (const one of unbound) byName.set(one.listener, one)
    return [...byName.values()]
  }

  /** Whether so many workers have had all listeners of a view. */
  ready(workers: number): boolean {
    const states = [...this.#states.values()]
    return states.length === workers && states.every(({ ready }) => ready)
  }

  watch(callback: (change: ListenerChange) => void): () => void {
    this.#watchers.add(callback)
    return () => this.#watchers.delete(callback)
  }

  take(worker: number, state: ListenersState): void {
    this.#states.set(worker, state)
    this.#tell()
  }

  /** Descriptors of the sockets of a worker. */
  descriptorsOf(worker: number): readonly number[] {
    return (this.#states.get(worker)?.bound ?? []).flatMap(({ descriptor }) => descriptor ?? [])
  }

  /** A worker is no more; the others go on. */
  forget(worker: number): void {
    this.#states.delete(worker)
    this.#tell()
  }

  #tell(): void {
    const before = this.#told
    const now = new Map(this.unbound.map(({ listener, reason }) => [listener, reason]))
    this.#told = now
    for (const [listener, reason] of now) if (before.get(listener) !== reason) this.#call({ listener, reason })
    for (const listener of before.keys()) if (!now.has(listener)) this.#call({ listener, reason: undefined })
  }

  /** Who watches cannot keep listeners from being told to others. */
  #call(change: ListenerChange): void {
    for (const watcher of [...this.#watchers]) {
      try {
        watcher(change)
      } catch (error) {
        this.#onFault(error)
      }
    }
  }
}
