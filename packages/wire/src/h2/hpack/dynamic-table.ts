import type { HpackEntry } from './hpack-entry.ts'

/** Fields that both ends remember, newest first, bounded by their size in bytes (RFC 7541 section 2.3.2). */
export class DynamicTable {
  #maxBytes: number
  #bytes = 0
  /** A ring: the newest at `#head`, which runs downwards. */
  #ring: (HpackEntry | undefined)[] = Array.from({ length: 64 })
  #head = 0
  #count = 0
  /** Entries that were ever added: the newest has this number. */
  added = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get maxBytes(): number {
    return this.#maxBytes
  }

  get count(): number {
    return this.#count
  }

  /** By place, 0 for the newest. */
  at(place: number): HpackEntry | undefined {
    return place >= 0 && place < this.#count ? this.#ring[(this.#head + place) & (this.#ring.length - 1)] : undefined
  }

  /** An entry larger than the table empties it (RFC 7541 section 4.4). */
  add(entry: HpackEntry): void {
    this.#evictTo(this.#maxBytes - entry.size)
    if (entry.size > this.#maxBytes) return
    if (this.#count === this.#ring.length) this.#grow()
    this.#head = (this.#head - 1) & (this.#ring.length - 1)
    this.#ring[this.#head] = entry
    this.#count++
    this.#bytes += entry.size
    this.added++
  }

  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes
    this.#evictTo(maxBytes)
  }

  #evictTo(bytes: number): void {
    while (this.#bytes > bytes && this.#count > 0) {
      const oldest = (this.#head + this.#count - 1) & (this.#ring.length - 1)
      this.#bytes -= this.#ring[oldest]?.size ?? 0
      this.#ring[oldest] = undefined
      this.#count--
    }
  }

  #grow(): void {
    const grown: (HpackEntry | undefined)[] = Array.from({ length: this.#ring.length * 2 })
    for (let place = 0; place < this.#count; place++) grown[place] = this.at(place)
    this.#ring = grown
    this.#head = 0
  }
}
