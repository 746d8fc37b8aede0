import type { z } from 'zod'

/** Some value that a schema accepts, with as little in it as it allows; undefined when none of those tried is one. */
export function sampleOf(schema: z.ZodType): unknown {
  return candidates(schema).find((value) => schema.safeParse(value).success)
}

function candidates(schema: z.ZodType): readonly unknown[] {
  const def = schema._zod.def as unknown as Def
  if (def.innerType !== undefined) return candidates(def.innerType)
  if (def.entries !== undefined) return Object.values(def.entries)
  if (def.element !== undefined) return [[sampleOf(def.element)]]
  if (def.shape !== undefined) return shapes(def.shape)
  return def.type === 'record' ? [{ x: def.valueType === undefined ? 'x' : sampleOf(def.valueType) }] : SCALARS
}

/** Only what is required; else each field alone. */
function shapes(shape: Readonly<Record<string, z.ZodType>>): readonly unknown[] {
  const entries = Object.entries(shape)
  const required = Object.fromEntries(
    entries.filter(([, field]) => field.def.type !== 'optional').map(([name, field]) => [name, sampleOf(field)]),
  )
  return [required, ...entries.map(([name, field]) => ({ ...required, [name]: sampleOf(field) }))]
}

const SCALARS = ['x', '7s', '10.0.0.1', 'x.example.com', 'eA==', 7, true]

interface Def {
  readonly type: string
  readonly entries?: Readonly<Record<string, string>>
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly innerType?: z.ZodType
}
