import type { z } from 'zod'
import type { FindingCode } from '../codes.ts'

/** Something to say about a valid value: an old spelling, a field that has no effect yet, a suspicious sum. */
export interface Note {
  readonly code: FindingCode
  readonly message: string
  readonly fix?: string
  /** Below the value that the note stands on. */
  readonly path?: readonly (string | number)[]
}

type Look = (value: never, field: string) => Note | readonly Note[] | undefined

const LOOKS = new WeakMap<object, readonly Look[]>()

/** A copy of the schema which looks at each valid value and may say something about it; `field` is its name in the object. */
export function noting<Schema extends z.ZodType>(
  schema: Schema,
  look: (value: z.output<Schema>, field: string) => Note | readonly Note[] | undefined,
): Schema {
  const copy = schema.clone()
  LOOKS.set(copy, [...(LOOKS.get(schema) ?? []), look])
  return copy
}

/** Marks a field of Istio that this mesh reads, checks, and does not carry out yet. */
export function inert<Schema extends z.ZodType>(schema: Schema, instead?: string): Schema {
  return noting(schema, (_value, field) => ({
    code: 'MESH0101',
    message: `\`${field}\` has no effect yet.`,
    ...(instead === undefined ? {} : { fix: instead }),
  }))
}

/** Marks a field that belongs to a platform which is not here; `usual` values are passed over. */
export function foreign<Schema extends z.ZodType>(schema: Schema, usual: readonly unknown[] = []): Schema {
  return noting(schema, (value, field) =>
    usual.includes(value) ? undefined : { code: 'MESH0102', message: `\`${field}\` means nothing to this mesh.` },
  )
}

/** Marks an old spelling that is carried out. */
export function deprecated<Schema extends z.ZodType>(schema: Schema, fix: string): Schema {
  return noting(schema, (_value, field) => ({ code: 'IST0002', message: `\`${field}\` is an old spelling.`, fix }))
}

/** Marks single values of an enum that have no effect yet, with what happens instead. */
export function inertValues<Schema extends z.ZodType>(schema: Schema, values: Readonly<Record<string, string>>): Schema {
  return noting(schema, (value, field) => {
    const instead = typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : undefined
    return instead === undefined
      ? undefined
      : { code: 'MESH0101', message: `\`${field}: ${String(value)}\` has no effect yet; ${instead}.` }
  })
}

/** All notes about a value that its schema has accepted, with paths from the value's root. */
export function notesOn(schema: z.ZodType, value: unknown): readonly (Note & { readonly path: readonly (string | number)[] })[] {
  const notes: (Note & { readonly path: readonly (string | number)[] })[] = []
  visit(schema as unknown as Node, value, [], notes)
  return notes
}

interface Node {
  readonly _zod: { readonly def: Def }
}

interface Def {
  readonly type: string
  readonly shape?: Readonly<Record<string, Node>>
  readonly element?: Node
  readonly valueType?: Node
  readonly innerType?: Node
}

function visit(
  schema: Node,
  value: unknown,
  path: readonly (string | number)[],
  notes: (Note & { path: readonly (string | number)[] })[],
): void {
  if (value === undefined || value === null) return
  const field = String(path.findLast((part) => typeof part === 'string') ?? 'object')
  for (const look of LOOKS.get(schema) ?? []) {
    for (const note of listOf(look(value as never, field))) notes.push({ ...note, path: [...path, ...(note.path ?? [])] })
  }
  const def = schema._zod.def
  if (def.innerType !== undefined) visit(def.innerType, value, path, notes)
  else if (def.type === 'object' && def.shape !== undefined) visitFields(def.shape, value as Record<string, unknown>, path, notes)
  else if (def.type === 'array' && def.element !== undefined) {
    for (const [index, item] of (value as unknown[]).entries()) visit(def.element, item, [...path, index], notes)
  } else if (def.type === 'record' && def.valueType !== undefined) {
    for (const [key, item] of Object.entries(value)) visit(def.valueType, item, [...path, key], notes)
  }
}

function visitFields(
  shape: Readonly<Record<string, Node>>,
  value: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
  notes: (Note & { path: readonly (string | number)[] })[],
): void {
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (field !== undefined) visit(field, value[key], [...path, key], notes)
  }
}

function listOf(notes: Note | readonly Note[] | undefined): readonly Note[] {
  if (notes === undefined) return []
  return Array.isArray(notes) ? (notes as readonly Note[]) : [notes as Note]
}
