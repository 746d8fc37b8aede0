import type { Engine } from '@mesh/core/engine'
import type { Listener } from '@mesh/core/view'
import type { Conn, ConnHandler, Io, ListenSocket } from '@mesh/io'
import type { Counters } from '../counters.ts'
import type { Limits } from '../limits.ts'
import { planListener, type ListenerPlan } from '../state/listener-plan.ts'
import { BoundListener } from './bound-listener.ts'
import { WaitingListeners } from './waiting-listeners.ts'

/** The sockets of a proxy, kept in step with its view. */
export interface ListenerSet {
  /** In force now. */
  readonly bound: readonly BoundListener[]
  /** Wanted, but their address cannot be had; each is tried again, with growing pauses, until it can. */
  readonly unbound: readonly UnboundListener[]
  /** New requests use the new plans when it resolves; answers the listeners that make no sense. The latest call wins. */
  apply(engine: Engine): Promise<readonly ListenerFailure[]>
  /** Calls back whenever a listener becomes unbound, is so for another reason, or no longer is; returns the way to end that. */
  watch(callback: (change: ListenerChange) => void): () => void
  sweep(nowMs: number): void
  /** Trust changed: connections judge themselves again. */
  rejudge(): void
  /** Stops accepting and lets connections end: idle ones at once, or after so many milliseconds in which they may still ask. */
  drain(idleMs?: number): Promise<void>
  /** Calls back once, as soon as no listener has a connection; at once when that is so. */
  onEmpty(callback: () => void): void
  /** Ends the remaining connections. */
  abort(): void
}

export interface ListenerFailure {
  readonly listener: string
  /** One plain sentence. */
  readonly reason: string
}

export interface UnboundListener extends ListenerFailure {
  readonly address: string
  readonly port: number
}

export interface ListenerChange {
  readonly listener: string
  /** Why it cannot be bound; undefined: it is bound now. */
  readonly reason: string | undefined
}

export interface ListenerSetOptions {
  readonly io: Io
  readonly counters: Counters
  readonly limits: Limits
  /** The port to bind for a listener, where settings say otherwise than the view. */
  readonly portOf: (listener: Listener) => number
  readonly accept: (listener: BoundListener, conn: Conn) => ConnHandler | undefined
  /** A socket that a predecessor left for an address and port, once. */
  readonly inherited?: (address: string, port: number) => number | undefined
  readonly onFault: (error: unknown) => void
}

/** A set without sockets. */
export function createListenerSet(options: ListenerSetOptions): ListenerSet {
  const set = new Sockets(options)
  return {
    get bound() {
      return set.bound
    },
    get unbound() {
      return set.unbound
    },
    apply: (engine) => set.apply(engine),
    watch: (callback) => set.watch(callback),
    sweep: (nowMs) => set.sweep(nowMs),
    rejudge: () => set.rejudge(),
    drain: (idleMs) => set.drain(idleMs),
    onEmpty: (callback) => set.onEmpty(callback),
    abort: () => set.abort(),
  }
}

class Sockets {
  readonly #options: ListenerSetOptions
  readonly #bySocket = new Map<string, BoundListener>()
  /** No longer accepting, but not without connections yet. */
  readonly #leaving = new Set<BoundListener>()
  readonly #waiting: WaitingListeners
  readonly #watchers = new Set<(change: ListenerChange) => void>()
  #queue: Promise<unknown> = Promise.resolve()
  #generation = 0
  #draining = false
  #onEmpty: (() => void) | undefined

  constructor(options: ListenerSetOptions) {
    this.#options = options
    const { io, limits } = options
    this.#waiting = new WaitingListeners({
      timers: io.timers,
      limits,
      onTime: (key) => void this.#enqueue(() => this.#tryAgain(key)).catch(options.onFault),
    })
  }

  get unbound(): readonly UnboundListener[] {
    return this.#waiting.all.map(({ plan: { listener }, reason }) => ({
      listener: listener.name,
      address: listener.address,
      port: this.#options.portOf(listener),
      reason,
    }))
  }

  get bound(): readonly BoundListener[] {
    return [...this.#bySocket.values()]
  }

  /** One at a time, in order; a call that was overtaken while it waited does nothing. */
  apply(engine: Engine): Promise<readonly ListenerFailure[]> {
    const generation = ++this.#generation
    return this.#enqueue(async () => (generation === this.#generation && !this.#draining ? await this.#apply(engine) : []))
  }

  watch(callback: (change: ListenerChange) => void): () => void {
    this.#watchers.add(callback)
    return () => this.#watchers.delete(callback)
  }

  async drain(idleMs = 0): Promise<void> {
    this.#draining = true
    await this.#queue
    this.#waiting.keep(() => false)
    const leaving = this.bound
    this.#bySocket.clear()
    await Promise.all(leaving.map((listener) => this.#leave(listener, idleMs)))
  }

  sweep(nowMs: number): void {
    for (const listener of this.#all) listener.sweep(nowMs)
  }

  rejudge(): void {
    for (const listener of this.#all) listener.rejudge()
  }

  /** Closes sockets and connections at once, for good. */
  abort(): void {
    this.#draining = true
    this.#waiting.keep(() => false)
    for (const listener of this.#all) {
      listener.abort()
      void listener.socket?.close()
    }
    this.#bySocket.clear()
  }

  onEmpty(callback: () => void): void {
    this.#onEmpty = callback
    this.#checkEmpty()
  }

  #checkEmpty(): void {
    if (this.#leaving.size > 0 || this.#bySocket.size > 0) return
    const callback = this.#onEmpty
    this.#onEmpty = undefined
    callback?.()
  }

  get #all(): readonly BoundListener[] {
    return [...this.#bySocket.values(), ...this.#leaving]
  }

  #enqueue<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run)
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #apply(engine: Engine): Promise<readonly ListenerFailure[]> {
    const refused: ListenerFailure[] = []
    const wanted = new Map<string, ListenerPlan>()
    for (const listener of engine.view.listeners) this.#want(wanted, refused, engine, listener)
    for (const [key, plan] of wanted) this.#bySocket.get(key)?.swap(plan)
    this.#waiting.keep((key) => wanted.has(key))
    const missing = [...wanted].filter(([key]) => !this.#bySocket.has(key))
    await this.#makeRoom(missing, wanted)
    await Promise.all(missing.map(([key, plan]) => this.#bind(key, plan)))
    await this.#letGo((key, name) => wanted.has(key) || refused.some(({ listener }) => listener === name))
    this.#count()
    return refused
  }

  async #tryAgain(key: string): Promise<void> {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined || this.#draining) return
    await this.#bind(key, waiting.plan)
    await this.#letGo((other, name) => other === key || name !== waiting.plan.listener.name)
    this.#count()
  }

  /** Our own socket on all addresses would hold a port against one on a single address, and the other way round. */
  async #makeRoom(missing: readonly [string, ListenerPlan][], wanted: ReadonlyMap<string, ListenerPlan>): Promise<void> {
    for (const [key, bound] of [...this.#bySocket]) {
      if (wanted.has(key) || !missing.some(([, { listener }]) => this.#overlaps(listener, bound))) continue
      this.#bySocket.delete(key)
      await this.#leave(bound)
    }
  }

  #overlaps(listener: Listener, { socket }: BoundListener): boolean {
    if (socket === undefined || socket.port !== this.#options.portOf(listener)) return false
    return isWildcard(listener.address) || isWildcard(socket.address)
  }

  /** Of a listener that cannot have its new address, the one before serves what the view says of it now. */
  async #letGo(wanted: (key: string, name: string) => boolean): Promise<void> {
    for (const [key, bound] of [...this.#bySocket]) {
      const { name } = bound.plan.listener
      if (wanted(key, name)) continue
      const next = this.#waiting.all.find(({ plan }) => plan.listener.name === name)
      if (next !== undefined) bound.swap(next.plan)
      else {
        this.#bySocket.delete(key)
        await this.#leave(bound)
      }
    }
  }

  #count(): void {
    this.#options.counters.listenersBound = this.#bySocket.size
    this.#options.counters.listenersWaiting = this.#waiting.size
  }

  #want(wanted: Map<string, ListenerPlan>, refused: ListenerFailure[], engine: Engine, listener: Listener): void {
    const key = `${listener.address} ${this.#options.portOf(listener)}`
    const taken = wanted.get(key)
    if (taken !== undefined) {
      refused.push({
        listener: listener.name,
        reason: `${listener.address}:${listener.port} is already taken by listener ${taken.listener.name}.`,
      })
      return
    }
    try {
      wanted.set(key, planListener(engine, listener))
    } catch (error) {
      refused.push({ listener: listener.name, reason: `It cannot be compiled: ${error instanceof Error ? error.message : String(error)}` })
    }
  }

  async #bind(key: string, plan: ListenerPlan): Promise<void> {
    const listener = new BoundListener(plan)
    try {
      listener.socket = await this.#listen(listener)
    } catch (error) {
      return this.#failed(key, plan, error instanceof Error ? error.message : String(error))
    }
    if (this.#draining) return listener.socket.close()
    this.#bySocket.set(key, listener)
    if (this.#waiting.remove(key)) this.#tell({ listener: plan.listener.name, reason: undefined })
  }

  #listen(listener: BoundListener): Promise<ListenSocket> {
    const { io, counters, limits, portOf, accept } = this.#options
    const { address } = listener.plan.listener
    const port = portOf(listener.plan.listener)
    const inherited = this.#options.inherited?.(address, port)
    return io.listen({
      address,
      port,
      ...(inherited === undefined ? {} : { inherited }),
      maxConnections: limits.connectionsPerListener,
      onConn: (conn) => accept(listener, conn),
      onRefused: () => counters.downstreamRefused++,
    })
  }

  #failed(key: string, plan: ListenerPlan, reason: string): void {
    if (this.#draining) return
    this.#options.counters.listenersFailed++
    if (this.#waiting.failed(key, plan, reason)) this.#tell({ listener: plan.listener.name, reason })
  }

  /** Who watches cannot keep listeners from being bound. */
  #tell(change: ListenerChange): void {
    for (const watcher of [...this.#watchers]) {
      try {
        watcher(change)
      } catch (error) {
        this.#options.onFault(error)
      }
    }
  }

  async #leave(listener: BoundListener, idleMs = 0): Promise<void> {
    this.#leaving.add(listener)
    listener.drain(idleMs, () => {
      this.#leaving.delete(listener)
      this.#checkEmpty()
    })
    await listener.socket?.close()
  }
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
