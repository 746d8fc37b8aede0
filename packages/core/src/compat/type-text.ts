import type { z } from 'zod'
import { nameOf } from '../config/fields/type-name.ts'

/** What a schema takes, in words: `text`, `whole number, 1 to 65535`, `list of hosts`, `one of STRICT, PERMISSIVE`. */
export function typeText(schema: z.ZodType): string {
  const name = nameOf(schema)
  if (name !== undefined) return name
  const def = schema._zod.def as unknown as Def
  switch (def.type) {
    case 'string':
      return 'text'
    case 'number':
      return numberText(schema)
    case 'boolean':
      return '`true` or `false`'
    case 'enum':
      return `one of ${Object.values(def.entries ?? {}).join(', ')}`
    case 'literal':
      return (def.values ?? []).map(String).join(' or ')
    case 'array':
      return `list of ${def.element === undefined ? 'anything' : typeText(def.element)}`
    case 'record':
      return `map of ${def.valueType === undefined ? 'anything' : typeText(def.valueType)}`
    case 'union':
      return unionText(def.options ?? [])
    case 'object':
      return 'fields'
    case 'pipe':
      return def.in === undefined ? 'anything' : typeText(def.in)
    default:
      return def.innerType === undefined ? 'anything' : typeText(def.innerType)
  }
}

interface Def {
  readonly type: string
  readonly entries?: Readonly<Record<string, string>>
  readonly values?: readonly unknown[]
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly innerType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly in?: z.ZodType
}

/** Alternatives of one kind are told once: `301 or 302`. */
function unionText(options: readonly z.ZodType[]): string {
  return options.map(typeText).join(' or ')
}

function numberText(schema: z.ZodType): string {
  const { minValue, maxValue, isInt } = schema as z.ZodNumber
  const kind = isInt ? 'whole number' : 'number'
  if (minValue === null || minValue <= Number.MIN_SAFE_INTEGER) return kind
  return maxValue === null || maxValue >= MAX_COUNT ? `${kind}, at least ${minValue}` : `${kind}, ${minValue} to ${maxValue}`
}

/** From here on a bound is only that of the type. */
const MAX_COUNT = 2_147_483_647
