/** What the peer may send before it must wait; given back in halves of the window, so that small reads cost no frames. */
export class FlowWindow {
  readonly #size: number
  #left: number
  #given = 0

  constructor(size: number) {
    this.#size = size
    this.#left = size
  }

  /** Bytes came; false: more than there was. */
  take(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /** Bytes went on; answers by how much the peer is to be told that the window opens, 0 for not yet. */
  give(bytes: number): number {
    this.#given += bytes
    if (this.#given * 2 < this.#size) return 0
    const update = this.#given
    this.#left += update
    this.#given = 0
    return update
  }
}
