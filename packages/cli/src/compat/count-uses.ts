import type { CompatEntry } from '@mesh/core/compat'

/** How often fields are used that work, are ignored, are refused; `idle`: they have no effect, and need none. */
export interface UseCounts {
  readonly works: number
  readonly ignored: number
  readonly refused: number
  readonly idle: number
}

export interface KindCounts extends UseCounts {
  readonly kind: string
}

/** Uses of fields by kind, in the order of the entries, and all together. */
export function countUses(entries: readonly CompatEntry[]): { readonly all: UseCounts; readonly kinds: readonly KindCounts[] } {
  const kinds = Map.groupBy(entries, ({ kind }) => kind)
  return { all: count(entries), kinds: [...kinds].map(([kind, own]) => ({ kind, ...count(own) })) }
}

function count(entries: readonly CompatEntry[]): UseCounts {
  const counts = { works: 0, ignored: 0, refused: 0, idle: 0 }
  for (const { effect, quiet, places } of entries) counts[quiet === true ? 'idle' : effect] += places.length
  return counts
}
