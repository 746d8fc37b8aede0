/** The smallest of many numbers, first out. */
export class TickHeap {
  readonly #items: number[] = []

  get first(): number | undefined {
    return this.#items[0]
  }

  push(tick: number): void {
    const items = this.#items
    let at = items.length
    items.push(tick)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] as number
      if (above <= tick) break
      items[at] = above
      at = parent
    }
    items[at] = tick
  }

  pop(): void {
    const items = this.#items
    const last = items.pop()
    if (last === undefined || items.length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= items.length) break
      if (child + 1 < items.length && (items[child + 1] as number) < (items[child] as number)) child++
      const below = items[child] as number
      if (below >= last) break
      items[at] = below
      at = child
    }
    items[at] = last
  }
}
