import { KINDS } from '@mesh/core/config'
import { shownPath } from '../output/place.ts'
import { nameOfKey } from './object-name.ts'
import { tornPart } from './placed.ts'
import type { StorePlan } from './store-plan.ts'
import { placesOf, type Place, type Store } from './store.ts'
import { Texts } from './texts.ts'

/** How objects are taken out of the files of a store, out of each in which they stand; the keys of those that are nowhere. */
export function planDelete(store: Store, keys: readonly string[]): StorePlan & { readonly missing: readonly string[] } {
  const asked = [...new Set(keys)].map((key) => ({ key, places: placesOf(store, key) }))
  const missing = asked.flatMap(({ key, places }) => (places.length === 0 && isOurs(key) ? key : []))
  const texts = new Texts(store)
  const problems = asked.flatMap(({ key, places }) => [
    ...tornOf(store, key),
    ...(keptElsewhere(key, places) ?? places.flatMap(({ file }) => texts.remove(file.path, key))),
  ])
  if (problems.length > 0) return { changes: [], outcomes: [], problems, notes: [], missing }
  const outcomes = asked.flatMap(({ key, places }) => (places.length > 0 && isOurs(key) ? { key, outcome: 'deleted' as const } : []))
  return { changes: texts.changes, outcomes, problems, notes: [], missing }
}

/** An object whose document cannot be read keeps its last good form in force: that it was not found would be no answer. */
function tornOf(store: Store, key: string): readonly string[] {
  const torn = tornPart(store, key)
  return torn === undefined
    ? []
    : [`${torn}: ${nameOfKey(key)} seems to stand here, in a document that cannot be read. Mend it, or delete it, by hand.`]
}

function keptElsewhere(key: string, places: readonly Place[]): readonly string[] | undefined {
  const kept = places.find(({ file }) => file.keeper === 'supervisor')
  if (kept === undefined) return undefined
  return [`${nameOfKey(key)} is kept by \`meshctl up\` (${shownPath(kept.file.path)}), and deleted by nobody else.`]
}

/** A file may hold objects that mean nothing here; they go with the others, and are not spoken of. */
function isOurs(key: string): boolean {
  return Object.hasOwn(KINDS, key.slice(0, key.indexOf('/')))
}
