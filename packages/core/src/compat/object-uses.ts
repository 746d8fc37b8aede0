import type { z } from 'zod'
import { FINDING_CODES, type FindingCode, type FindingEffect } from '../config/codes.ts'
import { notesOn, type PlacedNote } from '../config/fields/note.ts'
import { isKind, KINDS, type KindEntry, type KindName } from '../config/kinds.ts'
import { formatPath, type ConfigObject } from '../config/object.ts'
import { ANY_ITEM, ANY_KEY, childrenOf, innermost, schemaPathText } from './schema-fields.ts'

type Path = readonly (string | number)[]

/** One place in an object where a field of its kind is used. */
export interface FieldUse {
  /** From the root of the object; empty for the object as a whole. */
  readonly path: Path
  /** The same as findings name it: `spec.http[0].timeout`. */
  readonly field: string
  /** What all places of the field have in common: `spec.http[].timeout`. */
  readonly pattern: string
  readonly effect: FindingEffect
  /** What is to be said about it beside that. */
  readonly code?: FindingCode
  readonly message?: string
  readonly fix?: string
  /** Nobody needs to do anything about it. */
  readonly quiet?: boolean
}

/** All uses of fields in the body of a valid object, as its schema and the notes in it know them; nothing is told below what does not work. */
export function usesOf(object: ConfigObject): readonly FieldUse[] {
  if (isKind(object, 'ConfigMap') && object.body.mesh === undefined) return [NOT_THE_MESH]
  const entry: KindEntry = KINDS[object.kind as KindName]
  const walk = new Walk(entry, object)
  return walk.uses()
}

const NOT_THE_MESH: FieldUse = {
  path: [],
  field: '',
  pattern: '',
  effect: 'ignored',
  code: 'MESH0102',
  message: 'Only the ConfigMap `istio` of istio-system is read: the settings of the mesh.',
  quiet: true,
}

/** Whether a field is another one, or stands below it. */
export function isAtOrBelow(field: string, above: string): boolean {
  return above === '' || field === above || field.startsWith(`${above}.`) || field.startsWith(`${above}[`)
}

interface At {
  readonly schema: z.ZodType
  readonly value: unknown
  /** In the body. */
  readonly path: Path
  readonly steps: readonly string[]
}

class Walk {
  readonly #found: FieldUse[] = []
  /** By field of the body; those that are told are taken out. */
  readonly #notes: Map<string, readonly PlacedNote[]>
  readonly #entry: KindEntry
  readonly #object: ConfigObject

  constructor(entry: KindEntry, object: ConfigObject) {
    this.#entry = entry
    this.#object = object
    this.#notes = Map.groupBy(notesOn(entry.schema, object.body), (note) => formatPath(note.path))
  }

  uses(): readonly FieldUse[] {
    this.#visit({ schema: this.#entry.schema, value: this.#object.body, path: [], steps: [] })
    const absent = [...this.#notes.values()].flat().map((note) => this.#useOf(note, note.path, note.path.map(stepOf)))
    return [...this.#found, ...absent].filter((use) => !(this.#object.kind === 'ConfigMap' && use.field === 'data'))
  }

  #visit(at: At): void {
    const field = formatPath(at.path)
    const said = (this.#notes.get(field) ?? []).map((note) => this.#useOf(note, at.path, at.steps))
    this.#notes.delete(field)
    const stopped = said.find((use) => use.effect !== 'works')
    if (stopped !== undefined) {
      this.#found.push(stopped)
      for (const other of this.#notes.keys()) if (isAtOrBelow(other, field)) this.#notes.delete(other)
      return
    }
    const below = partsOf(at)
    this.#found.push(...said)
    if (below.length === 0 && said.length === 0 && at.path.length > 0) this.#found.push(this.#useAt(at.path, at.steps))
    for (const part of below) this.#visit(part)
  }

  #useOf({ code, message, fix, effect, quiet }: PlacedNote, path: Path, steps: readonly string[]): FieldUse {
    const at = this.#useAt(path, steps)
    const more = { ...(fix === undefined ? {} : { fix }), ...(quiet === true ? { quiet } : {}) }
    return { ...at, effect: effect ?? FINDING_CODES[code].effect, code, message, ...more }
  }

  #useAt(path: Path, steps: readonly string[]): FieldUse {
    const prefix = path.length === 0 ? [] : this.#prefix(path)
    const full = [...prefix, ...path]
    return { path: full, field: formatPath(full), pattern: schemaPathText([...prefix, ...steps]), effect: 'works' }
  }

  /** The settings of the mesh are a text of their own below `data`. */
  #prefix(path: Path): readonly string[] {
    if (this.#entry.place === 'spec') return ['spec']
    return this.#object.kind === 'ConfigMap' && path[0] === 'mesh' ? ['data'] : []
  }
}

function stepOf(part: string | number): string {
  return typeof part === 'number' ? ANY_ITEM : part
}

/** The fields of a value, or the items of a list of fields; a list or map of texts is one use. */
function partsOf({ schema, value, path, steps }: At): readonly At[] {
  if (typeof value !== 'object' || value === null) return []
  return childrenOf(innermost(schema)).flatMap(([step, child]) => {
    const keys = step === ANY_ITEM ? [...(value as unknown[]).keys()] : step === ANY_KEY ? Object.keys(value) : [step]
    return keys.flatMap((key) => {
      const below = (value as Record<string | number, unknown>)[key]
      return below === undefined ? [] : [{ schema: child, value: below, path: [...path, key], steps: [...steps, step] }]
    })
  })
}
