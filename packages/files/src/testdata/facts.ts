/** Something that grows, and can be waited for: each call of `until` looks again after every change. */
export class Facts<Item> {
  readonly items: Item[] = []
  readonly #looks = new Set<() => void>()

  add(item: Item): void {
    this.items.push(item)
    for (const look of this.#looks) look()
  }

  until<Found>(look: (items: readonly Item[]) => Found | undefined | false): Promise<Found> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = look(this.items)
        if (found === undefined || found === false) return
        this.#looks.delete(check)
        resolve(found)
      }
      this.#looks.add(check)
      check()
    })
  }
}
