import type { KindName } from '@mesh/core/config'
import { findMesh, type FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure } from '../output/exit-code.ts'
import { storeFolders } from '../store/store-folders.ts'
import { placesOf, readStore, type Store } from '../store/store.ts'
import { keyFor, readWanted, type Wanted } from '../store/wanted-objects.ts'
import { knownObjects, type KnownObject } from './known-objects.ts'
import type { ShownObject } from './shown-object.ts'

export interface FindOptions {
  readonly cwd: string
  readonly what: readonly string[]
  readonly namespace: string
  readonly allNamespaces: boolean
}

/** Objects that were asked for. */
export interface FoundObjects {
  readonly objects: readonly ShownObject[]
  /** Keys that were asked for by name, and are not there. */
  readonly missing: readonly string[]
  /** Keys of objects that were asked for and are in force in an older form, while their file cannot be read. */
  readonly unread: readonly string[]
  /** One object was asked for, by its name. */
  readonly single: boolean
  readonly kinds: readonly KindName[]
}

/** Objects of the running mesh, from its files, with what pilot knows of them. */
export async function findObjects({ cwd, what, namespace, allNamespaces }: FindOptions): Promise<FoundObjects> {
  const wanted = readWanted(what)
  const mesh = findMesh(cwd)
  const store = readStore(storeFolders(mesh))
  const known = await knownBy(mesh, wanted)
  const shown = (key: string): readonly ShownObject[] =>
    placesOf(store, key)
      .slice(0, 1)
      .map((place) => ({ ...place, known: known?.get(key), asked: known !== undefined }))
  if (wanted.kind === 'kinds') {
    const keys = keysOfKinds(store, wanted.kinds, allNamespaces ? undefined : namespace)
    const unread = unreadOf(
      known,
      (one) => isWanted(one, wanted.kinds, allNamespaces ? undefined : namespace) && shown(keyOf(one)).length === 0,
    )
    return { objects: keys.flatMap(shown), missing: [], unread, single: false, kinds: wanted.kinds }
  }
  const keys = wanted.names.map((one) => keyFor(store, one, namespace))
  const absent = keys.filter((key) => shown(key).length === 0)
  const unread = unreadOf(known, (one) => absent.includes(keyOf(one)))
  const missing = absent.filter((key) => !unread.includes(key))
  return {
    objects: keys.flatMap(shown),
    missing,
    unread,
    single: keys.length === 1,
    kinds: [...new Set(wanted.names.map(({ kind }) => kind))],
  }
}

/** The last good form serves (MESH0006), and no readable document holds the object. */
function unreadOf(known: ReadonlyMap<string, KnownObject> | undefined, which: (one: KnownObject) => boolean): readonly string[] {
  return [...(known?.values() ?? [])].filter((one) => servesLastGood(one) && which(one)).map(keyOf)
}

function servesLastGood({ status }: KnownObject): boolean {
  return status.validationMessages?.some(({ type }) => type.code === 'MESH0006') === true
}

function keyOf({ kind, namespace, name }: KnownObject): string {
  return `${kind}/${namespace}/${name}`
}

function isWanted({ kind, namespace }: KnownObject, kinds: readonly string[], within: string | undefined): boolean {
  return kinds.includes(kind) && (within === undefined || namespace === within || namespace === '')
}

function keysOfKinds({ files }: Store, kinds: readonly KindName[], namespace: string | undefined): readonly string[] {
  const order: readonly string[] = kinds
  const found = files.flatMap(({ objects }) => objects.map(({ key, located }) => ({ key, ...located })))
  const fitting = found.filter(
    (one) => order.includes(one.kind) && (namespace === undefined || one.namespace === namespace || one.namespace === ''),
  )
  const sorted = fitting.toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind) || (left.key < right.key ? -1 : 1))
  return [...new Set(sorted.map(({ key }) => key))]
}

/** Undefined while pilot does not answer: objects are shown all the same. Of one kind only that is asked for. */
async function knownBy(mesh: FoundMesh, wanted: Wanted): Promise<ReadonlyMap<string, KnownObject> | undefined> {
  const kinds = new Set(wanted.kind === 'kinds' ? wanted.kinds : wanted.names.map(({ kind }) => kind))
  const [only] = kinds
  try {
    return await knownObjects(mesh.run.pilot.monitoring, kinds.size === 1 && only !== undefined ? { kind: only } : {})
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    process.stderr.write(`${error.message} What is in force is not known.\n`)
    return undefined
  }
}
