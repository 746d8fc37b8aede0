import { KINDS } from '../config/kinds.ts'
import { originName } from '../config/origin.ts'
import type { CompatEntry, CompatPlace, PlacedUse } from './report.ts'

/** What is said of single places, gathered by kind and field. */
export function gathered(uses: readonly PlacedUse[]): readonly CompatEntry[] {
  const groups = Map.groupBy(uses, ({ kind, field, effect, code }) => JSON.stringify([kind, field, effect, code]))
  return [...groups.values()].map(entryOf).sort(byKindAndEffect)
}

function entryOf(uses: readonly PlacedUse[]): CompatEntry {
  const { origin: _, ...first } = uses[0] as PlacedUse
  return { ...first, places: uses.map((use) => placeOf(use, first.message)) }
}

function placeOf({ origin, message }: PlacedUse, usual: string | undefined): CompatPlace {
  const { file, line, column } = origin
  return {
    object: originName(origin),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(message === undefined || message === usual ? {} : { message }),
  }
}

function byKindAndEffect(left: CompatEntry, right: CompatEntry): number {
  return (
    rank(KIND_NAMES, left.kind) - rank(KIND_NAMES, right.kind) ||
    compare(left.kind, right.kind) ||
    rank(EFFECTS, left.effect) - rank(EFFECTS, right.effect) ||
    compare(left.field, right.field)
  )
}

const KIND_NAMES = Object.keys(KINDS)
const EFFECTS = ['refused', 'ignored', 'works']

/** Those that are not in the list come last. */
function rank(list: readonly string[], name: string): number {
  const at = list.indexOf(name)
  return at < 0 ? list.length : at
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
