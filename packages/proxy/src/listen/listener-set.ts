import type { Engine } from '@mesh/core/engine'
import type { Listener } from '@mesh/core/view'
import type { Conn, ConnHandler, Io } from '@mesh/io'
import type { Counters } from '../counters.ts'
import { LIMITS } from '../limits.ts'
import { planListener, type ListenerPlan } from '../state/listener-plan.ts'
import { BoundListener } from './bound-listener.ts'

/** The sockets of a proxy, kept in step with its view. */
export interface ListenerSet {
  /** In force now. */
  readonly bound: readonly BoundListener[]
  /** New requests use the new plans when it resolves; answers the listeners that could not be had. The latest call wins. */
  apply(engine: Engine): Promise<readonly ListenerFailure[]>
  sweep(nowMs: number): void
  /** Trust changed: connections judge themselves again. */
  rejudge(): void
  /** Stops accepting and lets connections end. */
  drain(): Promise<void>
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

export interface ListenerSetOptions {
  readonly io: Io
  readonly counters: Counters
  /** The port to bind for a listener, where settings say otherwise than the view. */
  readonly portOf: (listener: Listener) => number
  readonly accept: (listener: BoundListener, conn: Conn) => ConnHandler | undefined
}

/** A set without sockets. */
export function createListenerSet(options: ListenerSetOptions): ListenerSet {
  const set = new Sockets(options)
  return {
    get bound() {
      return set.bound
    },
    apply: (engine) => set.apply(engine),
    sweep: (nowMs) => set.sweep(nowMs),
    rejudge: () => set.rejudge(),
    drain: () => set.drain(),
    onEmpty: (callback) => set.onEmpty(callback),
    abort: () => set.abort(),
  }
}

class Sockets {
  readonly #options: ListenerSetOptions
  readonly #bySocket = new Map<string, BoundListener>()
  /** No longer accepting, but not without connections yet. */
  readonly #leaving = new Set<BoundListener>()
  #queue: Promise<unknown> = Promise.resolve()
  #generation = 0
  #draining = false
  #onEmpty: (() => void) | undefined

  constructor(options: ListenerSetOptions) {
    this.#options = options
  }

  get bound(): readonly BoundListener[] {
    return [...this.#bySocket.values()]
  }

  /** One at a time, in order; a call that was overtaken while it waited does nothing. */
  apply(engine: Engine): Promise<readonly ListenerFailure[]> {
    const generation = ++this.#generation
    const run = this.#queue.then(() => (generation === this.#generation && !this.#draining ? this.#apply(engine) : []))
    this.#queue = run.catch(() => undefined)
    return run
  }

  async drain(): Promise<void> {
    this.#draining = true
    await this.#queue
    const leaving = this.bound
    this.#bySocket.clear()
    await Promise.all(leaving.map((listener) => this.#leave(listener)))
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

  async #apply(engine: Engine): Promise<readonly ListenerFailure[]> {
    const failures: ListenerFailure[] = []
    const wanted = new Map<string, ListenerPlan>()
    for (const listener of engine.view.listeners) this.#want(wanted, failures, engine, listener)
    for (const [key, plan] of wanted) this.#bySocket.get(key)?.swap(plan)
    const missing = [...wanted].filter(([key]) => !this.#bySocket.has(key))
    const bound = await Promise.all(missing.map(([key, plan]) => this.#bind(key, plan)))
    failures.push(...bound.filter((failure) => failure !== undefined))
    const failed = new Set(failures.map(({ listener }) => listener))
    const gone = [...this.#bySocket].filter(([key, { plan }]) => !wanted.has(key) && !failed.has(plan.listener.name))
    for (const [key, listener] of gone) {
      this.#bySocket.delete(key)
      await this.#leave(listener)
    }
    this.#options.counters.listenersBound = this.#bySocket.size
    return failures
  }

  #want(wanted: Map<string, ListenerPlan>, failures: ListenerFailure[], engine: Engine, listener: Listener): void {
    const key = `${listener.address} ${this.#options.portOf(listener)}`
    const taken = wanted.get(key)
    if (taken !== undefined) {
      failures.push({
        listener: listener.name,
        reason: `${listener.address}:${listener.port} is already taken by listener ${taken.listener.name}.`,
      })
      return
    }
    try {
      wanted.set(key, planListener(engine, listener))
    } catch (error) {
      failures.push({ listener: listener.name, reason: `It cannot be compiled: ${error instanceof Error ? error.message : String(error)}` })
    }
  }

  async #bind(key: string, plan: ListenerPlan): Promise<ListenerFailure | undefined> {
    const { io, counters, portOf, accept } = this.#options
    const listener = new BoundListener(plan)
    try {
      listener.socket = await io.listen({
        address: plan.listener.address,
        port: portOf(plan.listener),
        maxConnections: LIMITS.connectionsPerListener,
        onConn: (conn) => accept(listener, conn),
        onRefused: () => counters.downstreamRefused++,
      })
    } catch (error) {
      counters.listenersFailed++
      return { listener: plan.listener.name, reason: error instanceof Error ? error.message : String(error) }
    }
    if (this.#draining) await listener.socket.close()
    else this.#bySocket.set(key, listener)
    return undefined
  }

  async #leave(listener: BoundListener): Promise<void> {
    this.#leaving.add(listener)
    listener.drain(() => {
      this.#leaving.delete(listener)
      this.#checkEmpty()
    })
    await listener.socket?.close()
  }
}
