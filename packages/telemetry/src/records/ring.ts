/** The newest things of one process, each with its number: bounded by count and by bytes, the oldest goes first. */
export interface Ring<Item> {
  add(item: Item): void
  /** Number of the oldest that is kept; equals `next` when there is none. */
  readonly first: number
  /** Number that the next one gets; the first of a process is 1. */
  readonly next: number
  /** An estimate of what is kept. */
  readonly bytes: number
  get(seq: number): Item | undefined
}

export interface RingOptions<Item> {
  readonly maxCount: number
  readonly maxBytes: number
  /** An estimate; it must not change while the item is kept. */
  readonly bytesOf: (item: Item) => number
}

/** An empty ring. Adding costs a few array writes, whatever is kept. */
export function createRing<Item>(options: RingOptions<Item>): Ring<Item> {
  return new SlotRing(options)
}

class SlotRing<Item> implements Ring<Item> {
  readonly #maxCount: number
  readonly #maxBytes: number
  readonly #bytesOf: (item: Item) => number
  readonly #items: (Item | undefined)[]
  readonly #sizes: Float64Array
  first = 1
  next = 1
  bytes = 0

  constructor({ maxCount, maxBytes, bytesOf }: RingOptions<Item>) {
    this.#maxCount = maxCount
    this.#maxBytes = maxBytes
    this.#bytesOf = bytesOf
    this.#items = Array.from({ length: maxCount }, () => undefined)
    this.#sizes = new Float64Array(maxCount)
  }

  add(item: Item): void {
    const size = this.#bytesOf(item)
    if (this.next - this.first === this.#maxCount) this.#dropOldest()
    const slot = this.next % this.#maxCount
    this.#items[slot] = item
    this.#sizes[slot] = size
    this.bytes += size
    this.next++
    while (this.bytes > this.#maxBytes && this.first < this.next) this.#dropOldest()
  }

  get(seq: number): Item | undefined {
    return seq >= this.first && seq < this.next ? this.#items[seq % this.#maxCount] : undefined
  }

  #dropOldest(): void {
    const slot = this.first % this.#maxCount
    this.bytes -= this.#sizes[slot] ?? 0
    this.#items[slot] = undefined
    this.first++
  }
}
