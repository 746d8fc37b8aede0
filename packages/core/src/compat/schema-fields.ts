import type { z } from 'zod'
import { otherwiseOf, standingsOn, type Otherwise, type Standing } from '../config/fields/note.ts'
import { typeText } from './type-text.ts'

/** One step of a path through a schema: a field's name, any item of a list, any key of a map. */
export const ANY_ITEM = '[]'
export const ANY_KEY = '*'

/** A field that a schema knows. */
export interface SchemaField {
  /** Like `http`, `[]`, `match`, `[]`, `uri`, `exact`. */
  readonly path: readonly string[]
  /** What it takes, in words. */
  readonly type: string
  readonly required: boolean
  /** Whether nothing stands below it. */
  readonly leaf: boolean
  readonly schema: z.ZodType
  /** What its schema says of it whatever its value. */
  readonly standings: readonly Standing[]
  /** What holds where it is absent, if that can be said. */
  readonly otherwise?: Otherwise
}

/** All fields of a schema, a field before those below it. */
export function schemaFields(schema: z.ZodType): readonly SchemaField[] {
  const fields: SchemaField[] = []
  walk(schema, { path: [], required: true }, fields)
  return fields
}

/** `http[].match[].headers.*.exact`. */
export function schemaPathText(path: readonly string[]): string {
  return path.map((step, index) => (step === ANY_ITEM || index === 0 ? step : `.${step}`)).join('')
}

interface At {
  readonly path: readonly string[]
  readonly required: boolean
}

function walk(schema: z.ZodType, { path, required }: At, fields: SchemaField[]): void {
  const inner = innermost(schema)
  const below = childrenOf(inner)
  if (path.length > 0) {
    const field = path.findLast((step) => step !== ANY_ITEM && step !== ANY_KEY) ?? ''
    const otherwise = otherwiseIn(schema)
    fields.push({
      path,
      type: typeText(inner),
      required: required && otherwise === undefined && !isOptional(schema),
      leaf: below.length === 0,
      schema: inner,
      standings: standingsOn(schema, field),
      ...(otherwise === undefined ? {} : { otherwise }),
    })
  }
  for (const [step, child] of below) walk(child, { path: [...path, step], required: step !== ANY_ITEM && step !== ANY_KEY }, fields)
}

/** What stands below: the fields of a map of fields, and those of the items of lists and maps. */
export function childrenOf(schema: z.ZodType): readonly (readonly [step: string, schema: z.ZodType])[] {
  const def = defOf(schema)
  if (def.shape !== undefined) return Object.entries(def.shape)
  const [step, item] = def.element === undefined ? [ANY_KEY, def.valueType] : [ANY_ITEM, def.element]
  if (item === undefined || childrenOf(innermost(item)).length === 0) return []
  return [[step, item]]
}

interface Def {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly innerType?: z.ZodType
  readonly defaultValue?: unknown
}

function defOf(schema: z.ZodType): Def {
  return schema._zod.def as unknown as Def
}

/** A value that the schema itself fills in, or what it says. */
function otherwiseIn(schema: z.ZodType): Otherwise | undefined {
  const { type, defaultValue } = defOf(schema)
  return type === 'default' ? { value: defaultValue } : otherwiseOf(schema)
}

function isOptional(schema: z.ZodType): boolean {
  return defOf(schema).type === 'optional'
}

export function innermost(schema: z.ZodType): z.ZodType {
  let inner = schema
  for (let next = defOf(inner).innerType; next !== undefined; next = defOf(inner).innerType) inner = next
  return inner
}
