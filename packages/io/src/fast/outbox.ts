/** Bytes that the kernel did not take yet, first in, first out; all of them are copies. */
export class Outbox {
  #pieces: Uint8Array[] = []
  #first = 0
  #offset = 0
  bytes = 0

  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.bytes += piece.length
  }

  /** What goes out next; undefined when nothing waits. */
  get head(): Uint8Array | undefined {
    const piece = this.#pieces[this.#first]
    return piece === undefined || this.#offset === 0 ? piece : piece.subarray(this.#offset)
  }

  /** So many bytes of the head went out. */
  take(count: number): void {
    const piece = this.#pieces[this.#first]
    if (piece === undefined) return
    this.bytes -= count
    this.#offset += count
    if (this.#offset < piece.length) return
    this.#offset = 0
    this.#first++
    if (this.#first < this.#pieces.length && this.#first < COMPACT) return
    this.#pieces = this.#pieces.slice(this.#first)
    this.#first = 0
  }

  clear(): void {
    this.#pieces = []
    this.#first = 0
    this.#offset = 0
    this.bytes = 0
  }
}

/** Pieces that are gone and still have a place in the list. */
const COMPACT = 64
