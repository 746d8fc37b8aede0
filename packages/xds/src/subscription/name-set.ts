/** Names that a client has subscribed to, and how much room they take. */
export class NameSet implements Iterable<string> {
  readonly #names = new Set<string>()
  #chars = 0

  get size(): number {
    return this.#names.size
  }

  /** UTF-16 units of all names. */
  get chars(): number {
    return this.#chars
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  add(name: string): void {
    if (this.#names.has(name)) return
    this.#names.add(name)
    this.#chars += name.length
  }

  delete(name: string): void {
    if (this.#names.delete(name)) this.#chars -= name.length
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names.values()
  }
}
