import type { Ring } from './ring.ts'

/** An item with its number. */
export type Numbered<Item> = Item & { readonly seq: number }

export interface Wanted<Item> {
  /** Only those with a greater number, the oldest of them first to come; absent: the newest. */
  readonly after?: number | undefined
  readonly limit: number
  readonly fits?: (item: Item) => boolean
}

/** Items of a ring with their numbers, oldest first. */
export function numbered<Item extends object>(ring: Ring<Item>, { after, limit, fits = () => true }: Wanted<Item>): Numbered<Item>[] {
  const found: Numbered<Item>[] = []
  const forward = after !== undefined
  const begin = forward ? Math.max(after + 1, ring.first) : ring.next - 1
  const step = forward ? 1 : -1
  for (let seq = begin; seq >= ring.first && seq < ring.next && found.length < limit; seq += step) {
    const item = ring.get(seq)
    if (item !== undefined && fits(item)) found.push({ seq, ...item })
  }
  return forward ? found : found.toReversed()
}
