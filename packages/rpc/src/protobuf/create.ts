import type { DescMessage, Field, MessageInitShape, MessageShape } from './message.ts'
import { put } from './put.ts'

/** A message from a plain object with some of its fields; what is a message already stays the same. */
export function create<D extends DescMessage>(schema: D, init: MessageInitShape<D> = {} as MessageInitShape<D>): MessageShape<D> {
  const given = init as Readonly<Record<string, unknown>>
  if (given['$typeName'] === schema.typeName) return init as MessageShape<D>
  const message = blank(schema)
  for (const field of schema.layout.fields) {
    const value = valueIn(given, field)
    if (value === undefined) continue
    if (field.oneof === undefined) message[field.name] = MADE[field.many](field, value)
    else message[field.oneof] = { case: field.name, value: field.type.made(value) }
  }
  return message as unknown as MessageShape<D>
}

/** A message whose fields are all absent. */
export function blank(schema: DescMessage): Record<string, unknown> {
  const message: Record<string, unknown> = { $typeName: schema.typeName }
  const { fields, oneofs } = schema.layout
  for (const { name, many, oneof, type } of fields) {
    if (many === 'list') message[name] = []
    else if (many === 'map') message[name] = {}
    else if (oneof === undefined && type.zero !== undefined) message[name] = type.zero
  }
  for (const oneof of oneofs) message[oneof] = { case: undefined }
  return message
}

/** What a message, or what one is made from, says of a field. */
export function valueIn(message: Readonly<Record<string, unknown>>, { name, oneof }: Field): unknown {
  if (oneof === undefined) return message[name]
  const choice = message[oneof] as { readonly case?: string; readonly value?: unknown } | undefined
  return choice?.case === name ? choice.value : undefined
}

const MADE: Readonly<Record<Field['many'], (field: Field, value: unknown) => unknown>> = {
  one: ({ type }, value) => type.made(value),
  list: ({ type }, value) => (value as readonly unknown[]).map((item) => type.made(item)),
  map({ type }, value) {
    const map = {}
    for (const [key, item] of Object.entries(value as object)) put(map, key, type.made(item))
    return map
  },
}
