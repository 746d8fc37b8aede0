import type { H2ErrorName, H2Stream, TrailerField } from '@mesh/wire'

/** The part of a session that moves payload, of either end. */
export interface PayloadSession {
  sendData(stream: H2Stream, bytes: Uint8Array): number
  endStream(stream: H2Stream, trailers: readonly TrailerField[]): void
  consumed(stream: H2Stream, bytes: number): void
  reset(stream: H2Stream, code: H2ErrorName): void
}

/** The connection of a stream. */
export interface Fullness {
  /** It takes no more for now, whatever the windows allow; `onWritable` is told when it does. */
  readonly full: boolean
}

/** What we send on one stream, and what of it the windows hold back. Its owner stops the source while something is held. */
export class Outflow {
  readonly #session: PayloadSession
  readonly #stream: H2Stream
  /** Made when something is held. */
  #held: Uint8Array[] | undefined
  #heldBytes = 0
  #ending: readonly TrailerField[] | undefined
  readonly #conn: Fullness

  constructor(session: PayloadSession, stream: H2Stream, conn: Fullness) {
    this.#session = session
    this.#stream = stream
    this.#conn = conn
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Answers whether all of it went. */
  send(lent: Uint8Array): boolean {
    const taken = this.#heldBytes > 0 || this.#conn.full ? 0 : this.#session.sendData(this.#stream, lent)
    if (taken === lent.length) return true
    const held = (this.#held ??= [])
    held.push(lent.slice(taken))
    this.#heldBytes += lent.length - taken
    return false
  }

  /** Nothing follows but these. */
  end(trailers: readonly TrailerField[]): void {
    if (this.#heldBytes > 0) this.#ending = trailers
    else this.#session.endStream(this.#stream, trailers)
  }

  /** The windows opened; answers whether all that was held went. */
  onWritable(): boolean {
    const held = this.#held ?? []
    for (let first = held[0]; first !== undefined; first = held[0]) {
      if (this.#conn.full) return false
      const taken = this.#session.sendData(this.#stream, first)
      this.#heldBytes -= taken
      if (taken < first.length) {
        held[0] = first.subarray(taken)
        return false
      }
      held.shift()
    }
    if (this.#ending !== undefined) this.#session.endStream(this.#stream, this.#ending)
    this.#ending = undefined
    return true
  }
}

/** What the peer sends on one stream: while paused it gets no room for more. */
export class Inflow {
  readonly #session: PayloadSession
  readonly #stream: H2Stream
  #unpaid = 0
  #paused = false

  constructor(session: PayloadSession, stream: H2Stream) {
    this.#session = session
    this.#stream = stream
  }

  /** Payload went on. */
  passed(bytes: number): void {
    if (this.#paused) this.#unpaid += bytes
    else this.#session.consumed(this.#stream, bytes)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    const unpaid = this.#unpaid
    this.#unpaid = 0
    if (unpaid > 0) this.#session.consumed(this.#stream, unpaid)
  }
}
