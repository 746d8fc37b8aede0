import { valueIn } from './create.ts'
import { fromBinary } from './decode.ts'
import type { DescMessage, Field, JsonObject, JsonValue, MessageShape } from './message.ts'
import { isZero } from './scalars.ts'

/**
 * A message in the JSON form of Protocol Buffers, with the names of the .proto file; absent fields are left out.
 * `types`, by type name, are those that an `Any` may hold; throws an Error at another one.
 */
export function toJson<D extends DescMessage>(schema: D, message: MessageShape<D>, types: ReadonlyMap<string, DescMessage>): JsonValue {
  const special = SPECIAL[schema.typeName]
  const fields = message as unknown as Readonly<Record<string, unknown>>
  return special === undefined ? objectOf(schema, fields, types) : special(fields as never, types)
}

function objectOf(schema: DescMessage, message: Readonly<Record<string, unknown>>, types: ReadonlyMap<string, DescMessage>): JsonObject {
  const json: [string, JsonValue][] = []
  for (const field of schema.layout.fields) {
    const value = valueIn(message, field)
    if (value !== undefined && !isAbsent(field, value)) json.push([field.protoName, JSON_OF[field.many](field, value, types)])
  }
  return Object.fromEntries(json)
}

function isAbsent({ many, oneof, type }: Field, value: unknown): boolean {
  if (many === 'one') return oneof === undefined && isZero(type, value)
  return Object.keys(value as object).length === 0
}

const JSON_OF: Readonly<Record<Field['many'], (field: Field, value: unknown, types: ReadonlyMap<string, DescMessage>) => JsonValue>> = {
  one: ({ type }, value, types) => type.json(value, types),
  list: ({ type }, value, types) => (value as readonly unknown[]).map((item) => type.json(item, types)),
  map: ({ type }, value, types) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, type.json(item, types)])),
}

interface Any {
  readonly typeUrl: string
  readonly value: Uint8Array
}

interface Duration {
  readonly seconds: bigint
  readonly nanos: number
}

const SPECIAL: Readonly<Record<string, ((message: never, types: ReadonlyMap<string, DescMessage>) => JsonValue) | undefined>> = {
  'google.protobuf.Any': ({ typeUrl, value }: Any, types) => {
    if (typeUrl === '') return {}
    const schema = types.get(typeUrl.slice(typeUrl.lastIndexOf('/') + 1))
    if (schema === undefined) throw new Error(`${typeUrl} is not a type that can be shown`)
    const json = toJson(schema, fromBinary(schema, value), types)
    return SPECIAL[schema.typeName] === undefined ? { '@type': typeUrl, ...(json as JsonObject) } : { '@type': typeUrl, value: json }
  },
  'google.protobuf.Duration': ({ seconds, nanos }: Duration) => {
    const digits = String(Math.abs(nanos))
      .padStart(9, '0')
      .replace(/(?:000){1,3}$/, '')
    const sign = seconds < 0n || nanos < 0 ? '-' : ''
    return `${sign}${String(seconds).replace('-', '')}${digits === '' ? '' : `.${digits}`}s`
  },
}
