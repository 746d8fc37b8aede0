import { canonicalJson } from '../../snapshot/content-hash.ts'
import { locateObjects, type LocatedObject } from './locate.ts'

/** A text with one object changed, or why that cannot be done. */
export type Edited = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly reason: string }

/** What must be true after an edit: the object stands there with this value, or not at all, and its neighbours as before. */
export interface Wanted {
  readonly object: LocatedObject
  /** Undefined: the object must have gone. */
  readonly value: unknown
}

/** The first of several ways to write an edit that does what it should, judged by reading the result. */
export function firstGood(text: string, wanted: Wanted, ways: readonly (() => string | undefined)[]): Edited {
  const expected = expectedOf(text, wanted)
  for (const way of ways) {
    const candidate = way()
    if (candidate !== undefined && saysAll(candidate, expected)) return { kind: 'text', text: candidate }
  }
  const { object } = wanted
  return {
    kind: 'refused',
    reason: `${object.kind} ${object.name} cannot be changed here without touching what stands beside it.`,
  }
}

function expectedOf(text: string, { object, value }: Wanted): readonly string[] {
  return locateObjects(text).objects.flatMap((one) => {
    const own = one.place.start === object.place.start
    if (own && value === undefined) return []
    return canonicalJson(own ? value : one.value)
  })
}

function saysAll(text: string, expected: readonly string[]): boolean {
  const { objects, unreadable } = locateObjects(text)
  if (unreadable.length > 0 || objects.length !== expected.length) return false
  return objects.every((one, index) => canonicalJson(one.value) === expected[index])
}
