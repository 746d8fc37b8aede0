import { valueIn } from './create.ts'
import type { DescMessage, Field, MessageShape, UnknownField } from './message.ts'
import { isZero } from './scalars.ts'
import { WIRE, type WireType } from './wire-type.ts'
import { Writer } from './writer.ts'

/** The bytes of a message, its fields by number: equal messages give equal bytes. Throws an Error at a value that does not fit. */
export function toBinary<D extends DescMessage>(schema: D, message: MessageShape<D>): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  writeMessage(schema, writer, message as unknown as Record<string, unknown>)
  return writer.finish()
}

/** Writes the fields of a message, then what it does not know. */
export function writeMessage(schema: DescMessage, writer: Writer, message: Readonly<Record<string, unknown>>): void {
  for (const field of schema.layout.fields) {
    const value = valueIn(message, field)
    if (value !== undefined) WRITERS[field.many](field, writer, value)
  }
  for (const { no, wireType, data } of (message['$unknown'] ?? []) as readonly UnknownField[]) {
    writer.tag(no, wireType as WireType).raw(data)
  }
}

const WRITERS: Readonly<Record<Field['many'], (field: Field, writer: Writer, value: unknown) => void>> = {
  one({ no, type, oneof }, writer, value) {
    if (oneof === undefined && isZero(type, value)) return
    type.write(writer.tag(no, type.wire), value)
  },
  list({ no, type }, writer, value) {
    const items = value as readonly unknown[]
    if (items.length === 0) return
    if (type.wire === WIRE.bytes) for (const item of items) type.write(writer.tag(no, type.wire), item)
    else writer.tag(no, WIRE.bytes).within(() => items.forEach((item) => type.write(writer, item)))
  },
  map({ no, type }, writer, value) {
    for (const [key, item] of Object.entries(value as object)) {
      writer.tag(no, WIRE.bytes).within(() => type.write(writer.tag(1, WIRE.bytes).string(key).tag(2, type.wire), item))
    }
  },
}
