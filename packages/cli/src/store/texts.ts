import { idKey, joinDocuments, locateObjects, removeObject, type Edited, type LocatedObject } from '@mesh/core/edit'
import { shownPath } from '../output/place.ts'
import type { Store, StoreFile } from './store.ts'
import type { FileChange } from './write-files.ts'

/** The texts of a store while a change is made of them; nothing is on disk yet. */
export class Texts {
  readonly #files: ReadonlyMap<string, StoreFile>
  readonly #texts = new Map<string, string>()
  /** Files in which something is put, in order: they are written before others lose something. */
  readonly #filled = new Set<string>()

  constructor({ files }: Store) {
    this.#files = new Map(files.map((file) => [file.path, file]))
  }

  /** Edits an object of a file; answers why that cannot be done, if it cannot. */
  edit(path: string, key: string, edit: (text: string, object: LocatedObject) => Edited): readonly string[] {
    const text = this.#text(path)
    const object = objectIn(text, key)
    if (object === undefined) return []
    const edited = edit(text, object)
    if (edited.kind === 'refused') return [this.#refusal(path, edited.reason)]
    this.#texts.set(path, edited.text)
    this.#filled.add(path)
    return []
  }

  /** Takes all forms of an object out of a file. */
  remove(path: string, key: string): readonly string[] {
    for (let text = this.#text(path); ; text = this.#text(path)) {
      const object = objectIn(text, key)
      if (object === undefined) return []
      const edited = removeObject(text, object)
      if (edited.kind === 'refused') return [this.#refusal(path, edited.reason)]
      this.#texts.set(path, edited.text)
    }
  }

  /** Puts a text at the beginning of a file; what stands in both stays in the new text alone. */
  prepend(path: string, text: string): readonly string[] {
    const refusals = locateObjects(text).objects.flatMap((object) => this.remove(path, idKey(object)))
    const rest = this.#text(path)
    const { objects, unreadable } = locateObjects(rest)
    if (unreadable.length > 0) return [...refusals, this.#refusal(path, 'a part of it cannot be read.')]
    this.#texts.set(path, objects.length === 0 ? text : joinDocuments([text, rest]))
    this.#filled.add(path)
    return refusals
  }

  /** What is to be written: files that take something first, so that nothing is gone before it is somewhere else. */
  get changes(): readonly FileChange[] {
    const order = [...this.#filled, ...this.#texts.keys()]
    return [...new Set(order)].flatMap((path) => {
      const file = this.#files.get(path)
      const before = file?.text
      const after = this.#after(path)
      if (before === after) return []
      // Where nothing is left, what leads there goes too.
      const links = after === undefined ? (file?.links ?? []) : []
      return [path, ...links].map((one) => ({ path: one, before, after }))
    })
  }

  /** A file in which nothing is left goes; one of people's stays as long as there is a word in it. */
  #after(path: string): string | undefined {
    const text = this.#text(path)
    const { objects, unreadable } = locateObjects(text)
    if (objects.length > 0 || unreadable.length > 0) return text
    const kept = this.#files.get(path)?.keeper !== 'meshctl' && text.replaceAll(/^(?:---|\.\.\.)?\s*$/gm, '') !== ''
    return kept ? text : undefined
  }

  #text(path: string): string {
    return this.#texts.get(path) ?? this.#files.get(path)?.text ?? ''
  }

  #refusal(path: string, reason: string): string {
    const [torn] = this.#files.get(path)?.unreadable ?? []
    if (torn === undefined) return `${shownPath(path)}: ${reason}`
    return `${shownPath(path)}:${torn.line}:${torn.column}: a part of the file cannot be read (${torn.message}), so that nothing in it is changed. Mend it first.`
  }
}

function objectIn(text: string, key: string): LocatedObject | undefined {
  return locateObjects(text).objects.find((object) => idKey(object) === key)
}
