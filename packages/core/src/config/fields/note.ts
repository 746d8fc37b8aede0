import type { z } from 'zod'
import type { FindingCode, FindingEffect } from '../codes.ts'
import type { Rewrite } from './rewrite.ts'

/** Something to say about a valid value: an old spelling, a field that has no effect yet, a suspicious sum. */
export interface Note {
  readonly code: FindingCode
  readonly message: string
  readonly fix?: string
  /** Below the value that the note stands on. */
  readonly path?: readonly (string | number)[]
  /** What becomes of the value, where that is not what the code stands for. */
  readonly effect?: FindingEffect
  /** Not worth a finding: only said to those who ask what a field does. */
  readonly quiet?: boolean
  /** How to spell it today. */
  readonly rewrite?: Rewrite
}

/** What holds for a field whatever its value: `values` are those that it holds for, all of them when absent. */
export interface Standing {
  readonly code: FindingCode
  readonly message: string
  readonly effect?: FindingEffect
  readonly quiet?: boolean
  readonly values?: readonly string[]
}

type Look = (value: never, field: string) => Note | readonly Note[] | undefined

interface Remark {
  readonly look?: Look
  readonly standing?: (field: string) => Standing
  readonly otherwise?: Otherwise
}

/** What holds where a field is absent. */
export interface Otherwise {
  readonly value: unknown
}

const REMARKS = new WeakMap<object, readonly Remark[]>()

/** A copy of the schema which looks at each valid value and may say something about it; `field` is its name in the object. */
export function noting<Schema extends z.ZodType>(
  schema: Schema,
  look: (value: z.output<Schema>, field: string) => Note | readonly Note[] | undefined,
  standing?: (field: string) => Standing,
): Schema {
  return remarking(schema, { look, ...(standing === undefined ? {} : { standing }) })
}

/** Says which value holds where the field is absent. */
export function otherwise<Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): Schema {
  return remarking(schema, { otherwise: { value } })
}

function remarking<Schema extends z.ZodType>(schema: Schema, remark: Remark): Schema {
  const copy = schema.clone()
  REMARKS.set(copy, [...(REMARKS.get(schema) ?? []), remark])
  return copy
}

/** Marks a field of Istio that this mesh reads, checks, and does not carry out yet. */
export function inert<Schema extends z.ZodType>(schema: Schema, instead?: string): Schema {
  const note = (field: string): Note => ({
    code: 'MESH0101',
    message: `\`${field}\` has no effect yet.`,
    ...(instead === undefined ? {} : { fix: instead }),
  })
  return noting(schema, (_value, field) => note(field), note)
}

/** Marks a field that belongs to a platform which is not here; `usual` values are passed over. */
export function foreign<Schema extends z.ZodType>(schema: Schema, usual: readonly unknown[] = []): Schema {
  const note = (field: string): Note => ({ code: 'MESH0102', message: `\`${field}\` means nothing to this mesh.` })
  return noting(schema, (value, field) => (usual.includes(value) ? undefined : note(field)), note)
}

/** Marks a field without effect that needs no finding, with why: a platform fills it in, or it is only a name for people. */
export function quiet<Schema extends z.ZodType>(schema: Schema, why: string): Schema {
  const note: Note = { code: 'MESH0102', message: why, quiet: true }
  return noting(
    schema,
    () => note,
    () => note,
  )
}

/** Marks an old spelling that is carried out, with the one of today. */
export function deprecated<Schema extends z.ZodType>(schema: Schema, fix: string, rewrite: Rewrite): Schema {
  const note = (field: string): Note => ({ code: 'IST0002', message: `\`${field}\` is an old spelling.`, fix, rewrite })
  return noting(schema, (_value, field) => note(field), note)
}

/** Marks an old spelling of a field that is not carried out yet in either: one note says both. */
export function deprecatedInert<Schema extends z.ZodType>(schema: Schema, fix: string, rewrite: Rewrite): Schema {
  const note = (field: string): Note => ({
    code: 'MESH0101',
    message: `\`${field}\` has no effect yet, and is an old spelling.`,
    fix,
    rewrite,
  })
  return noting(schema, (_value, field) => note(field), note)
}

/** Marks an old field that says nothing any more. */
export function retired<Schema extends z.ZodType>(schema: Schema): Schema {
  const note = (field: string): Note => ({
    code: 'IST0002',
    message: `\`${field}\` is an old field that is ignored.`,
    fix: 'Leave it out.',
    effect: 'ignored',
    rewrite: { kind: 'remove' },
  })
  return noting(schema, (_value, field) => note(field), note)
}

/** Marks single values of an enum that are not carried out yet, with what happens instead: `refused` where that closes something. */
export function inertValues<Schema extends z.ZodType>(
  schema: Schema,
  values: Readonly<Record<string, string>>,
  effect: 'ignored' | 'refused' = 'ignored',
): Schema {
  const names = Object.keys(values)
  return noting(
    schema,
    (value, field) => {
      const instead = typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : undefined
      return instead === undefined
        ? undefined
        : { code: 'MESH0101', message: `\`${field}: ${String(value)}\` has no effect yet; ${instead}.`, effect }
    },
    () => ({
      code: 'MESH0101',
      message: names.map((name) => `\`${name}\` has no effect yet; ${values[name]}.`).join(' '),
      effect,
      values: names,
    }),
  )
}

/** A note with the place of its value, from the root of the schema. */
export type PlacedNote = Note & { readonly path: readonly (string | number)[] }

/** All notes about a value that its schema has accepted, with paths from the value's root. */
export function notesOn(schema: z.ZodType, value: unknown): readonly PlacedNote[] {
  const notes: PlacedNote[] = []
  visit(schema as unknown as Node, value, [], notes)
  return notes
}

/** What a schema says about its field whatever the value. */
export function standingsOn(schema: z.ZodType, field: string): readonly Standing[] {
  return remarksOn(schema).flatMap(({ standing }) => (standing === undefined ? [] : [standing(field)]))
}

/** What a schema says of its field being absent; undefined where it says nothing. */
export function otherwiseOf(schema: z.ZodType): Otherwise | undefined {
  return remarksOn(schema).find((remark) => remark.otherwise !== undefined)?.otherwise
}

function remarksOn(schema: z.ZodType): readonly Remark[] {
  const found: Remark[] = []
  for (let node: Node | undefined = schema as unknown as Node; node !== undefined; node = node._zod.def.innerType) {
    found.push(...(REMARKS.get(node) ?? []))
  }
  return found
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

function visit(schema: Node, value: unknown, path: readonly (string | number)[], notes: PlacedNote[]): void {
  if (value === undefined || value === null) return
  const field = String(path.findLast((part) => typeof part === 'string') ?? 'object')
  for (const { look } of REMARKS.get(schema) ?? []) {
    for (const note of listOf(look?.(value as never, field))) notes.push({ ...note, path: [...path, ...(note.path ?? [])] })
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
  notes: PlacedNote[],
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
