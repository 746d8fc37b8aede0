import type { Downstream } from '../listen/downstream.ts'

/** How a lingering connection ends. */
export interface LingerEnd {
  /** In order: all bytes have left this process. */
  close(): void
  /** The client takes no more: it must see that something is missing. */
  giveUp(): void
}

/**
 * The end of a connection behind its last reply: FIN goes out, and what still comes is read away, so that the client
 * sees the reply and no reset. Time counts from when the reply has left, and anew whenever something moves.
 */
export class Linger {
  readonly #downstream: Downstream
  readonly #end: LingerEnd
  #unsent: number
  #movedMs: number
  #flushedMs: number | undefined
  #received = 0

  constructor(downstream: Downstream, end: LingerEnd) {
    const { conn, context } = downstream
    this.#downstream = downstream
    this.#end = end
    this.#unsent = conn.pendingBytes
    this.#movedMs = context.io.timers.now()
    conn.end()
    conn.resume()
  }

  /** Nothing of the reply is in this process any more. */
  get flushed(): boolean {
    return this.#downstream.conn.pendingBytes === 0
  }

  /** Bytes of the client that nobody wants. */
  take(bytes: number): void {
    const { io, limits } = this.#downstream.context
    this.#received += bytes
    this.#movedMs = io.timers.now()
    if (this.#received > limits.lingerBytes) this.#end.giveUp()
  }

  sweep(nowMs: number): void {
    const { limits } = this.#downstream.context
    const unsent = this.#downstream.conn.pendingBytes
    if (unsent !== this.#unsent) {
      this.#unsent = unsent
      this.#movedMs = nowMs
    }
    const stillMs = nowMs - this.#movedMs
    if (unsent > 0) {
      if (stillMs > limits.callIdleMs) this.#end.giveUp()
      return
    }
    this.#flushedMs ??= nowMs
    if (stillMs > limits.lingerMs || nowMs - this.#flushedMs > limits.lingerTotalMs) this.#end.close()
  }
}
