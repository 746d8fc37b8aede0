/**
 * Passes listening sockets from a process to its successor, so that not one connection is refused or forgotten between the two. They meet at a Unix
 * socket that only their user can reach; the predecessor serves until its successor says that it does.
 */
export interface Handover {
  /** Asks whoever offers at `path`; undefined when nobody does. Rejects when the answer makes no sense or does not come in time. */
  take(path: string): Promise<Inheritance | undefined>
  /** Offers sockets at `path` from now on, in the place of whoever did before. Rejects when that cannot be. */
  offer(options: OfferOptions): Promise<Offer>
}

export interface NamedSocket {
  readonly name: string
  readonly descriptor: number
}

export interface Inheritance {
  readonly names: readonly string[]
  /** The descriptor of a socket, once: it belongs to who asked. */
  take(name: string): number | undefined
  /** The predecessor is told that it may go; what nobody took is closed here. */
  accept(): void
  /** The predecessor is told nothing and goes on as before; what nobody took is closed here. */
  decline(): void
}

export interface OfferOptions {
  /** At most 100 bytes. */
  readonly path: string
  /** Asked whenever a successor asks; at most 250. */
  readonly sockets: () => readonly NamedSocket[]
  /** A successor serves: this process may go. Called once. */
  readonly onTaken: () => void
  readonly onProblem: (sentence: string) => void
}

export interface Offer {
  close(): void
}
