import type { ConnError } from '@mesh/io'
import type { Lane, LaneWaiter } from './lane.ts'

/** A call that waits for a lane: at a connection that is being made, or in the line of its cluster; from one it may be sent to the other. */
export class LaneWait {
  readonly #waiter: LaneWaiter
  #leave: (() => void) | undefined
  #over = false

  constructor(waiter: LaneWaiter) {
    this.#waiter = waiter
  }

  /** The call is not there any more. */
  get over(): boolean {
    return this.#over
  }

  /** It has a place, until it leaves or is moved. */
  stand(leave: () => void): void {
    this.#leave = leave
  }

  serve(lane: Lane): void {
    if (this.#end()) this.#waiter.onLane(lane)
  }

  fail(error: ConnError | undefined): void {
    if (this.#end()) this.#waiter.onLaneFailed(error)
  }

  cancel(): void {
    this.#end()
  }

  #end(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#leave?.()
    return true
  }
}
