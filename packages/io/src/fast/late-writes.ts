import { ARENA, type Arena } from './native/arena.ts'

/** Somebody whose bytes leave at the end of a turn. */
export interface LateWriter {
  /** Sends what lies there in the arena; throws nothing. */
  leave(offset: number, length: number): void
}

/** A message that waits for the end of the turn. */
interface Waiting {
  writer: LateWriter
  offset: number
  length: number
}

/**
 * Small messages that are written in a turn leave together towards its end: while they are made, the processor has the code that makes them at hand,
 * and what one connection writes in several steps leaves in one call.
 */
export class LateWrites {
  readonly #arena: Arena
  readonly #waiting: Waiting[] = []
  #count = 0
  #used = 0

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Takes a copy of the bytes, of which there may be as many as `ARENA.turn` holds. */
  add(writer: LateWriter, bytes: Uint8Array): void {
    const { length } = bytes
    if (this.#used + length + ARENA.turnStep > ARENA.turnBytes) this.flush()
    const last = this.#count === 0 ? undefined : this.#waiting[this.#count - 1]
    const goesOn = last?.writer === writer
    // Where a message begins its address is known already.
    if (!goesOn) this.#used = Math.ceil(this.#used / ARENA.turnStep) * ARENA.turnStep
    const offset = ARENA.turn + this.#used
    this.#arena.bytes.set(bytes, offset)
    this.#used += length
    if (goesOn) last.length += length
    else this.#push(writer, offset, length)
  }

  /** Sends all of them, first come, first served. */
  flush(): void {
    const count = this.#count
    this.#count = 0
    this.#used = 0
    for (let index = 0; index < count; index++) {
      const waiting = this.#waiting[index] as Waiting
      const { writer } = waiting
      waiting.writer = NOBODY
      writer.leave(waiting.offset, waiting.length)
    }
  }

  #push(writer: LateWriter, offset: number, length: number): void {
    const free = this.#waiting[this.#count++]
    if (free === undefined) this.#waiting.push({ writer, offset, length })
    else {
      free.writer = writer
      free.offset = offset
      free.length = length
    }
  }
}

const NOBODY: LateWriter = { leave: () => undefined }
