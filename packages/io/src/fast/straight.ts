import { IO_LIMITS } from '../limits.ts'
import { ARENA } from './native/arena.ts'
import type { Sys } from './native/sys.ts'

/**
 * The pipe through which the kernel passes bytes from one connection to another without a copy to here (`splice(2)`). One serves all connections of a
 * loop, for it is empty between two turns of a connection. It is opened when first needed.
 */
export class Straight {
  readonly #sys: Sys
  #out = -1
  #in = -1
  /** There is no pipe to be had: what comes is copied from then on. */
  #missing = false

  constructor(sys: Sys) {
    this.#sys = sys
  }

  /** Whether there is a pipe. */
  get usable(): boolean {
    if (this.#in === -1 && !this.#missing) this.#missing = !this.#open()
    return !this.#missing
  }

  /** Fills the pipe from a socket; answers as `recv` does. It may be fewer bytes than there are. */
  take(fd: number): number {
    return this.#sys.splice(fd, this.#in, IO_LIMITS.straightBytes)
  }

  /** Empties the pipe into a socket, as far as that takes it; answers how many bytes, or a negative error. */
  give(fd: number, length: number): number {
    let given = 0
    while (given < length) {
      const count = this.#sys.splice(this.#out, fd, length - given)
      if (count <= 0) return given > 0 || count === 0 ? given : count
      given += count
    }
    return given
  }

  /** Reads what is left in the pipe into the arena's way out; answers how many bytes, or a negative error. */
  rest(length: number): number {
    return this.#sys.read(this.#out, ARENA.out, Math.min(length, ARENA.outBytes))
  }

  /** What is in it is for nobody; another pipe is opened when needed. */
  close(): void {
    for (const fd of [this.#out, this.#in]) if (fd !== -1) this.#sys.close(fd)
    this.#out = -1
    this.#in = -1
  }

  #open(): boolean {
    if (this.#sys.pipe() < 0) return false
    const { view } = this.#sys.arena
    this.#out = view.getInt32(ARENA.cell, true)
    this.#in = view.getInt32(ARENA.cell + 4, true)
    // Where the system gives this user no larger one, the usual 64 KiB do.
    this.#sys.setPipeSize(this.#in, IO_LIMITS.straightBytes)
    return true
  }
}
