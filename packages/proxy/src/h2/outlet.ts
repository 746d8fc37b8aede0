import { Output } from '@mesh/wire'

/** Whose frames leave through an outlet. */
export interface OutletOwner {
  /** Hands what was written to the connection. */
  send(written: Uint8Array): void
  /** That failed: a bug, which must hurt this connection only. */
  onFault(error: unknown): void
}

/**
 * The way out of one HTTP/2 connection. Frames of all its streams are put together, whoever makes them, and leave in one write: when whatever
 * runs now is done with, or when there are many. What must be gone before, `flush` sends at once.
 */
export class Outlet {
  readonly #owner: OutletOwner
  #area: Output | undefined
  /** How often something left, or was forgotten. */
  departures = 0
  #listed = false

  constructor(owner: OutletOwner) {
    this.#owner = owner
  }

  /** Where the next frame is written; ask for it frame by frame. */
  get output(): Output {
    if (this.#area !== undefined && this.#area.length >= FULL_BYTES) this.flush()
    return (this.#area ??= this.#begin())
  }

  /** Bytes that have not left yet. */
  get bytes(): number {
    return this.#area?.length ?? 0
  }

  flush(): void {
    const area = this.#area
    if (area === undefined) return
    // Before anybody else gets a word in: what fails to leave must not stand in front of what comes next.
    this.#area = undefined
    this.departures++
    try {
      if (area.length > 0) this.#owner.send(area.written)
    } catch (error) {
      this.#owner.onFault(error)
    }
    giveBack(area)
  }

  /** The connection is gone: what was written for it is forgotten. */
  forget(): void {
    if (this.#area === undefined) return
    giveBack(this.#area)
    this.#area = undefined
    this.departures++
  }

  #begin(): Output {
    if (!this.#listed) {
      this.#listed = true
      if (WAITING.push(this) === 1) queueMicrotask(flushAll)
    }
    return SPARE.pop() ?? new Output(FIRST_BYTES)
  }

  /** What ran is done with. */
  leave(): void {
    this.#listed = false
    this.flush()
  }
}

/** More than this leaves at once: what comes first need not wait for all the rest. */
const FULL_BYTES = 16 * 1024
const FIRST_BYTES = 24 * 1024
/** An area that one large message made larger than this is given back. */
const KEPT_BYTES = 256 * 1024
const MAX_SPARE = 16
/** Areas that serve again, for all connections of the process. */
const SPARE: Output[] = []
let WAITING: Outlet[] = []

function flushAll(): void {
  const waiting = WAITING
  WAITING = []
  for (const outlet of waiting) outlet.leave()
}

function giveBack(area: Output): void {
  area.clear()
  if (SPARE.length < MAX_SPARE && area.bytes.length <= KEPT_BYTES) SPARE.push(area)
}
