import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@mesh/rpc/protobuf'
import { AnySchema, type Any } from '@mesh/rpc/gen/google/protobuf/any_pb'
import { refuse, refuseUnknownFields } from './refusal.ts'

/** A message in its envelope. */
export function pack<D extends DescMessage>(schema: D, message: MessageInitShape<D>): Any {
  return create(AnySchema, { typeUrl: typeUrlOf(schema), value: toBinary(schema, create(schema, message)) })
}

/** The message in an envelope, when it is of this type and holds nothing unknown; refuses otherwise. */
export function unpack<D extends DescMessage>(schema: D, any: Any | undefined): MessageShape<D> {
  if (any?.typeUrl !== typeUrlOf(schema)) refuse(`${any?.typeUrl ?? 'nothing'} where ${schema.typeName} is expected`)
  return parse(schema, any.value)
}

export function parse<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  const message = parseBytes(schema, bytes)
  refuseUnknownFields(message)
  return message
}

export function typeUrlOf(schema: DescMessage): string {
  return `type.googleapis.com/${schema.typeName}`
}

function parseBytes<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, bytes)
  } catch (error) {
    refuse(`not a valid ${schema.typeName}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
