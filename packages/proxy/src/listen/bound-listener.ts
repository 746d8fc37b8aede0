import type { ListenSocket } from '@mesh/io'
import type { ListenerPlan } from '../state/listener-plan.ts'

/** A live connection of a listener, as the listener commands it. */
export interface LiveConn {
  /** The plan changed: stop at once where it no longer permits the connection. */
  rejudge(): void
  /** No new request after the current one. One that is idle closes at once, or after `idleMs` without a request: the reply to one says that it is the last. */
  drain(idleMs: number): void
  abort(): void
  /** Called every `sweepMs`: ends what stood still for too long. */
  sweep(nowMs: number): void
}

/** One listening socket, the plan in force on it, and its connections. */
export class BoundListener {
  plan: ListenerPlan
  socket: ListenSocket | undefined
  draining = false
  readonly #live = new Set<LiveConn>()
  #idleMs = 0
  #onEmpty: (() => void) | undefined

  constructor(plan: ListenerPlan) {
    this.plan = plan
  }

  get connections(): number {
    return this.#live.size
  }

  /** Connections judge themselves against the new plan before their next request; those without one do it now. */
  swap(plan: ListenerPlan): void {
    this.plan = plan
    for (const conn of [...this.#live]) conn.rejudge()
  }

  rejudge(): void {
    for (const conn of [...this.#live]) conn.rejudge()
  }

  sweep(nowMs: number): void {
    for (const conn of this.#live) conn.sweep(nowMs)
  }

  add(conn: LiveConn): void {
    this.#live.add(conn)
  }

  replace(before: LiveConn, after: LiveConn): void {
    if (!this.#live.delete(before)) return
    this.#live.add(after)
    if (this.draining) after.drain(this.#idleMs)
  }

  remove(conn: LiveConn): void {
    this.#live.delete(conn)
    if (this.draining && this.#live.size === 0) this.#onEmpty?.()
  }

  drain(idleMs: number, onEmpty: () => void): void {
    this.draining = true
    this.#idleMs = idleMs
    this.#onEmpty = onEmpty
    for (const conn of [...this.#live]) conn.drain(idleMs)
    if (this.#live.size === 0) onEmpty()
  }

  abort(): void {
    for (const conn of [...this.#live]) conn.abort()
  }
}
