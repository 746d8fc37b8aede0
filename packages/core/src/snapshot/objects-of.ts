import type { KindName, ObjectOf } from '../config/kinds.ts'
import type { ConfigObject } from '../config/object.ts'
import type { Snapshot } from './snapshot.ts'

const NONE: readonly ConfigObject[] = []
const BY_KIND = new WeakMap<Snapshot, ReadonlyMap<string, readonly ConfigObject[]>>()

/** The objects of one kind, sorted by namespace and name. */
export function objectsOf<Kind extends KindName>(snapshot: Snapshot, kind: Kind): readonly ObjectOf<Kind>[] {
  let table = BY_KIND.get(snapshot)
  if (table === undefined) BY_KIND.set(snapshot, (table = Map.groupBy(snapshot.objects, (object) => object.kind)))
  return (table.get(kind) ?? NONE) as readonly ObjectOf<Kind>[]
}
