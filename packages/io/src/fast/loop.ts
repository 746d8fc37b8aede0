import { report, type OnFault } from '../common/faults.ts'
import { IO_LIMITS } from '../limits.ts'
import { LINUX } from './native/machine.ts'
import { LateWrites } from './late-writes.ts'
import type { Sys } from './native/sys.ts'

/** Something with a file descriptor that the loop watches. */
export interface Watched {
  /** `flags` are those of `epoll_wait(2)`. What it throws is reported, and goes no further. */
  onEvents(flags: number): void
  /** The thread ends, and the loop closes the descriptor: what else it holds is let go. */
  onThreadEnd?(): void
}

/** A place in the loop: who has one is told of its descriptor's events, and never of those of an earlier owner of the same number. */
export interface Place {
  readonly slot: number
  readonly generation: number
}

/** What a turn does for a connection besides its events. */
export interface Chore {
  run(): void
}

/** How the loop is woken, and kept alive, by Node's own. */
export interface Host {
  hold(on: boolean): void
  /** Runs a turn soon, though nothing is readable. */
  soon(turn: () => void): void
  /** Runs what promises and `nextTick` have waiting; nothing else would before Node wakes by itself. */
  settle(): void
}

/**
 * Turns of one epoll set inside Node's loop. A turn handles a bounded number of events, each a bounded number of bytes; what is left waits for the
 * next one, so that timers and everything else of Node come in between.
 */
export class Loop {
  readonly sys: Sys
  readonly epoll: number
  readonly #onFault: OnFault
  readonly #host: Host
  readonly #watched: (Watched | undefined)[] = []
  readonly #descriptors: number[] = []
  readonly #generations: number[] = []
  readonly #free: number[] = []
  #chores: Chore[] = []
  #live = 0
  #inTurn = false
  #due = false
  /** What is written in this turn and has not left. */
  readonly late: LateWrites

  constructor(sys: Sys, epoll: number, host: Host, onFault: OnFault) {
    this.sys = sys
    this.epoll = epoll
    this.#host = host
    this.#onFault = onFault
    this.late = new LateWrites(sys.arena)
  }

  /** Whether what is written now has a turn at whose end it can leave. */
  get inTurn(): boolean {
    return this.#inTurn
  }

  /** Watches a descriptor for everything, at edges unless `level`; answers its place, or a negative error. */
  add(fd: number, watched: Watched, level = false): Place | number {
    const slot = this.#free.pop() ?? this.#watched.length
    const generation = ((this.#generations[slot] ?? 0) + 1) >>> 0
    const events = level ? LINUX.EPOLLIN : LINUX.EPOLLIN | LINUX.EPOLLOUT | LINUX.EPOLLRDHUP | LINUX.EPOLLET
    const failed = this.sys.watch(this.epoll, fd, events >>> 0, slot, generation)
    this.#generations[slot] = generation
    if (failed < 0) {
      this.#free.push(slot)
      return failed
    }
    this.#watched[slot] = watched
    this.#descriptors[slot] = fd
    if (++this.#live === 1) this.#host.hold(true)
    return { slot, generation }
  }

  /** Its descriptor is about to be closed; `shared` with another process, it has to be taken out of the set by name. */
  remove({ slot, generation }: Place, shared?: number): void {
    if (this.#generations[slot] !== generation || this.#watched[slot] === undefined) return
    if (shared !== undefined) this.sys.unwatch(this.epoll, shared)
    this.#watched[slot] = undefined
    this.#free.push(slot)
    if (--this.#live === 0) this.#host.hold(false)
  }

  /** The thread ends while the process goes on: nobody else would close what it had open. */
  abandon(): void {
    for (const [slot, watched] of this.#watched.entries()) {
      if (watched === undefined) continue
      this.#watched[slot] = undefined
      this.sys.close(this.#descriptors[slot] ?? -1)
      watched.onThreadEnd?.()
    }
    this.sys.close(this.epoll)
  }

  /** Runs it in this turn still, or in one that comes soon; never at once. */
  later(chore: Chore): void {
    this.#chores.push(chore)
    this.#wake()
  }

  /** Called by Node's loop when the epoll set has events. */
  readonly turn = (): void => {
    this.#inTurn = true
    this.#due = false
    try {
      this.#takeEvents()
      this.late.flush()
      this.#runChores()
      this.late.flush()
    } catch (error) {
      report(this.#onFault, error)
    }
    this.#inTurn = false
    if (this.#chores.length > 0) this.#wake()
    try {
      this.#host.settle()
    } catch (error) {
      report(this.#onFault, error)
    }
  }

  /** An edge is told once: what one of them throws must not cost the others theirs. */
  #takeEvents(): void {
    const { sys } = this
    const count = sys.wait(this.epoll)
    for (let index = 0; index < count; index++) {
      // A handler may close others and open new ones; both the place and its generation tell whose event this is.
      sys.eventAt(index)
      const { flags, slot, generation } = sys.event
      const watched = this.#generations[slot] === generation ? this.#watched[slot] : undefined
      if (watched === undefined) continue
      if (index % IO_LIMITS.eventsPerFlush === 0) this.late.flush()
      try {
        watched.onEvents(flags)
      } catch (error) {
        report(this.#onFault, error)
      }
    }
  }

  /** What chores put off comes in the next turn, so that one that always has more to do holds up nobody. */
  #runChores(): void {
    for (let round = 0; round < IO_LIMITS.choreRounds && this.#chores.length > 0; round++) {
      const chores = this.#chores
      this.#chores = []
      for (const chore of chores) {
        try {
          chore.run()
        } catch (error) {
          report(this.#onFault, error)
        }
      }
    }
  }

  #wake(): void {
    if (this.#inTurn || this.#due) return
    this.#due = true
    this.#host.soon(this.turn)
  }
}
