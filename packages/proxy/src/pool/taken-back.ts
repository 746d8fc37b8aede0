/**
 * How many of the calls on one connection were taken back before they were answered. Servers count as well, and end a connection of which
 * half of them are (CVE-2023-44487): a client that shares it stops at half of that.
 */
export class TakenBack {
  readonly #sample: number
  #calls = 0
  #takenBack = 0

  constructor(sample: number) {
    this.#sample = sample
  }

  began(): void {
    this.#calls++
    if (this.#calls < this.#sample) return
    this.#calls /= 2
    this.#takenBack /= 2
  }

  /** Answers whether there were too many. */
  add(): boolean {
    return ++this.#takenBack > this.#sample / 4
  }
}
