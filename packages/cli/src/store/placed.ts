import { join } from 'node:path'
import { originName } from '@mesh/core/origin'
import { idKey } from '@mesh/core/edit'
import { shownPath } from '../output/place.ts'
import type { IncomingObject, IncomingSource } from './incoming.ts'
import type { StoreFolders } from './store-folders.ts'
import type { ObjectOutcome, PutVerb } from './store-plan.ts'
import { placesOf, type Place, type Store } from './store.ts'

/** An object to be stored, with where it stands and where it is going to. */
export interface Placed {
  readonly incoming: IncomingObject
  /** Everywhere it stands now; the first is in force. */
  readonly places: readonly Place[]
  /** A part of a file that is not readable and seems to be it. */
  readonly torn: string | undefined
  /** Where it is going to stand. */
  readonly target: string
  /** `there`: what is to be stored is the very file of the store; `inside`: it changes where it stands; `kept`: it goes to a file of meshctl's. */
  readonly way: 'there' | 'inside' | 'kept'
}

/** Where an object stands in a store, and where it is to stand. */
export function placedOf(store: Store, incoming: IncomingObject, folders: StoreFolders): Placed {
  const { source, key } = incoming
  const places = placesOf(store, key)
  const at = { incoming, places, torn: places.length === 0 ? tornPart(store, key) : undefined }
  const file = places[0]?.file
  const kept = join(folders.applied, source.fileName ?? `${key.toLowerCase().replaceAll('/', '-').replaceAll('--', '-')}.yaml`)
  if (places.some((place) => isSameFile(place, source))) return { ...at, target: file?.path ?? kept, way: 'there' }
  if (file === undefined) return { ...at, target: kept, way: 'kept' }
  const stays = file.keeper !== 'meshctl' || source.fileName === undefined
  return stays ? { ...at, target: file.path, way: 'inside' } : { ...at, target: kept, way: 'kept' }
}

/** Where a document that cannot be read seems to be an object: `reviews.yaml:12:3`. */
export function tornPart({ files }: Store, key: string): string | undefined {
  for (const { path, unreadable } of files) {
    const part = unreadable.find(({ seems }) => seems !== undefined && idKey(seems) === key)
    if (part !== undefined) return `${shownPath(path)}:${part.line}:${part.column}`
  }
  return undefined
}

function isSameFile({ file }: Place, { path }: IncomingSource): boolean {
  return path !== undefined && path === file.realPath
}

/** Why it cannot be stored; nothing where it can. */
export function problemOf({ incoming, places, torn }: Placed, verb: PutVerb): readonly string[] {
  const [first] = places
  const name = nameOf(incoming)
  if (torn !== undefined) return [`${torn}: ${name} seems to stand here, in a document that cannot be read. Mend it, or delete it, first.`]
  if (first?.file.keeper === 'supervisor') return [`${name} is kept by \`meshctl up\` (${first.file.path}), and changed by nobody else.`]
  if (verb === 'create' && first !== undefined) return [`${name} exists already (${placeText(first)}).`]
  if (verb === 'replace' && first === undefined) return [`${name} does not exist; \`meshctl create\` or \`apply\` makes it.`]
  const { expected } = incoming
  if (expected === undefined || expected === first?.stored.version) return []
  const now = first === undefined ? 'it was deleted' : `it is ${first.stored.version ?? 'not valid'} now`
  return [
    `Conflict: ${name} has changed since it was read (resourceVersion ${expected}, ${now}). Read it again, and make the change on that.`,
  ]
}

/** What is said of it afterwards. */
export function outcomeOf({ incoming, places, way }: Placed, verb: PutVerb): ObjectOutcome {
  const before = places[0]?.stored
  const same = way === 'there' || before?.version === incoming.version
  const changed = verb === 'replace' ? 'replaced' : 'configured'
  return { key: incoming.key, outcome: before === undefined ? 'created' : same && verb !== 'replace' ? 'unchanged' : changed }
}

/** Where else it stands, in vain. */
export function notesOf({ incoming, places }: Placed): readonly string[] {
  return places
    .slice(1)
    .map((place) => `${nameOf(incoming)} stands in ${placeText(place)} too, where it has no effect. Keep one of the two.`)
}

function nameOf({ object }: IncomingObject): string {
  return originName(object.origin)
}

function placeText({ file, stored }: Place): string {
  return `${shownPath(file.path)}:${stored.located.line}`
}
