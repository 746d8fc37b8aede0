import type { z } from 'zod'

const NAMES = new WeakMap<object, string>()

/** Gives a schema the word by which people know what it takes: `duration`, `host`. */
export function named<Schema extends z.ZodType>(schema: Schema, name: string): Schema {
  NAMES.set(schema, name)
  return schema
}

/** The word of a schema, or of the one that it was copied from. */
export function nameOf(schema: z.ZodType): string | undefined {
  for (let one: z.core.$ZodType | undefined = schema; one !== undefined; one = one._zod.parent) {
    const name = NAMES.get(one)
    if (name !== undefined) return name
  }
  return undefined
}
