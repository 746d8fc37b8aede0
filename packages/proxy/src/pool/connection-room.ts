import type { ClusterCounts } from './counts.ts'
import type { H2Speech } from './h2-speech.ts'

/** Room for the connections of a cluster: in this thread, or among the workers that share it. `max` is how many there may be. */
export class ConnectionRoom {
  readonly #counts: ClusterCounts
  /** Connections that were closed and are not gone yet: where others count on it, they count until they are. */
  #lingering = 0
  /** Of those that carry many calls, the one that was told to leave for another worker's sake. */
  #leaver: H2Speech | undefined
  /** The other workers know that calls wait here. */
  #asked = false

  constructor(counts: ClusterCounts) {
    this.#counts = counts
  }

  /** Whether other workers have a part in it. */
  get shared(): boolean {
    return this.#counts.others !== undefined
  }

  /** Counts a connection in, unless there is no room or another worker has more right to it. */
  take(max: number): boolean {
    const { connections, others } = this.#counts
    return others?.deserve(max) !== true && connections.take(max)
  }

  /** One that was counted in is not made after all. */
  give(): void {
    this.#counts.connections.give()
  }

  /** A connection was closed, and counts until it is gone. */
  linger(): void {
    this.#lingering++
  }

  /** A connection that lingered is gone. */
  gone(): void {
    this.#lingering--
    this.give()
  }

  /** Another worker waits, has more right to a connection than what is here, and none is about to be free. */
  othersNeedOne(max: number): boolean {
    const { connections, others } = this.#counts
    if (others === undefined || this.#lingering > 0 || this.#leaver?.pooled.state === 'open') return false
    return connections.value >= max && others.deserve(max)
  }

  /** A connection takes no more calls, so that another worker can have one. */
  leave(speech: H2Speech): void {
    this.#leaver = speech
    speech.leave()
  }

  /** A connection was counted out: `connect` may make another one, unless it is for another worker. */
  freed(connect: () => void): void {
    const { others } = this.#counts
    if (others?.precede() !== true) connect()
    others?.tell()
  }

  /** Calls wait here: who has a connection to spare is to close it. */
  ask(): void {
    if (this.#asked) return
    this.#asked = true
    this.#counts.others?.ask()
  }

  /** Another worker closed a connection, or waits for none any more: what was asked before is over. */
  told(): void {
    this.#asked = false
  }

  /** No call waits here any more. */
  content(): void {
    this.#asked = false
    this.#counts.others?.tell()
  }
}
