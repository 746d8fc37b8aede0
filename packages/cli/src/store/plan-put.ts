import { KINDS } from '@mesh/core/config'
import { bareText, documentText, idKey, joinDocuments, locateObjects, removeObject, replaceObject, type Edited } from '@mesh/core/edit'
import type { IncomingObject, IncomingSource } from './incoming.ts'
import { notesOf, outcomeOf, placedOf, problemOf, type Placed } from './placed.ts'
import type { StoreFolders } from './store-folders.ts'
import type { PutVerb, StorePlan } from './store-plan.ts'
import type { Store } from './store.ts'
import { Texts } from './texts.ts'

/** How a set of objects is put into the files of a store: where they stand already, else in the folder that meshctl keeps. */
export function planPut(
  store: Store,
  objects: readonly IncomingObject[],
  { verb, folders }: { readonly verb: PutVerb; readonly folders: StoreFolders },
): StorePlan {
  const placed = objects.map((object) => placedOf(store, object, folders))
  const problems = placed.flatMap((one) => problemOf(one, verb))
  if (problems.length > 0) return { changes: [], outcomes: [], problems, notes: [] }
  const texts = new Texts(store)
  const refusals = [...placed.flatMap((one) => putInPlace(one, texts)), ...putInKeptFiles(placed, texts)]
  if (refusals.length > 0) return { changes: [], outcomes: [], problems: refusals, notes: [] }
  return { changes: texts.changes, outcomes: placed.map((one) => outcomeOf(one, verb)), problems, notes: placed.flatMap(notesOf) }
}

/** An object that people keep, or that came without a file name, changes where it stands; nothing is touched when it says the same already. */
function putInPlace({ incoming, places, way, target }: Placed, texts: Texts): readonly string[] {
  const first = places[0]
  if (way !== 'inside' || first === undefined || first.stored.version === incoming.version) return []
  const { located, source } = incoming
  return texts.edit(target, incoming.key, (text, old) =>
    replaceObject(text, old, { text: bareText(source.text, located), value: located.value }),
  )
}

/** Objects that meshctl keeps, by file: the text they came in goes there as it was written, with what else the file held after it. */
function putInKeptFiles(placed: readonly Placed[], texts: Texts): readonly string[] {
  const kept = placed.filter(({ way }) => way === 'kept')
  const left = kept.flatMap(({ places, incoming }) =>
    places.flatMap(({ file }) => (file.keeper === 'meshctl' ? texts.remove(file.path, incoming.key) : [])),
  )
  const made = [...Map.groupBy(kept, ({ target }) => target)].flatMap(([target, group]) => {
    const parts = [...Map.groupBy(group, ({ incoming }) => incoming.source)].map(([source, own]) => sourceText(source, own))
    const refused = parts.flatMap((part) => (part.kind === 'refused' ? part.reason : []))
    if (refused.length > 0) return refused
    return texts.prepend(target, joinDocuments(parts.flatMap((part) => (part.kind === 'text' ? part.text : []))))
  })
  return [...left, ...made]
}

/** The text of a source without the objects that go elsewhere; of standard input the one object alone. */
function sourceText(source: IncomingSource, own: readonly Placed[]): Edited {
  if (source.fileName === undefined)
    return { kind: 'text', text: joinDocuments(own.map(({ incoming }) => documentText(source.text, incoming.located))) }
  const keys = new Set(own.map(({ incoming }) => incoming.key))
  const elsewhere = locateObjects(source.text).objects.filter((object) => isOurs(object.kind) && !keys.has(idKey(object)))
  return elsewhere.reduce<Edited>(
    (edited, { kind, namespace, name }) => {
      if (edited.kind === 'refused') return edited
      const object = locateObjects(edited.text).objects.find((one) => idKey(one) === idKey({ kind, namespace, name }))
      return object === undefined ? edited : removeObject(edited.text, object)
    },
    { kind: 'text', text: source.text },
  )
}

function isOurs(kind: string): boolean {
  return Object.hasOwn(KINDS, kind)
}
