/** What of a request body is kept: until an upstream is there, and for another try. */
export class BodyKeeper {
  readonly #maxBytes: number
  #chunks: Uint8Array[] = []
  #bytes = 0
  #whole = true

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Whether all that came so far can be sent again. */
  get whole(): boolean {
    return this.#whole
  }

  get bytes(): number {
    return this.#bytes
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks
  }

  /** Keeps a copy; `sent` tells whether the bytes also went to an upstream, so that they may be forgotten. Answers false when they were. */
  add(lent: Uint8Array, sent: boolean): boolean {
    if (!this.#whole) return false
    if (sent && this.#bytes + lent.length > this.#maxBytes) {
      this.drop()
      return false
    }
    this.#chunks.push(lent.slice())
    this.#bytes += lent.length
    return true
  }

  /** All kept bytes were sent: they are forgotten when they are too many to be kept. */
  sent(): void {
    if (this.#bytes > this.#maxBytes) this.drop()
  }

  drop(): void {
    this.#whole = false
    this.#chunks = []
    this.#bytes = 0
  }
}
