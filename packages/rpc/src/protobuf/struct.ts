import type { JsonObject, JsonValue, ValueType } from './message.ts'
import { put } from './put.ts'
import type { Reader } from './reader.ts'
import { WIRE, type WireType } from './wire-type.ts'
import type { Writer } from './writer.ts'

/** `google.protobuf.Struct`, which here is the object that it says. */
export const STRUCT: ValueType = {
  wire: WIRE.bytes,
  zero: undefined,
  read: (reader, depth) => readStruct(reader, depth),
  write: (writer, value) => void writer.within(() => writeFields(writer, value as JsonObject)),
  made: (init) => init,
  json: (value) => value as JsonObject,
}

/** Field numbers of `google.protobuf.Value`. */
const VALUE = { null: 1, number: 2, string: 3, bool: 4, struct: 5, list: 6 } as const

function readStruct(reader: Reader, depth: number): JsonObject {
  const object: JsonObject = {}
  eachField(reader, { depth, framing: ITEMS }, () => {
    let [name, value]: [string, JsonValue] = ['', null]
    eachField(reader, { depth, framing: ENTRY }, (part) => {
      if (part === 1) name = reader.string()
      else value = readValue(reader, depth + 1)
    })
    put(object, name, value)
  })
  return object
}

function readValue(reader: Reader, depth: number): JsonValue {
  let value: JsonValue = null
  eachField(reader, { depth, framing: VALUES }, (no) => {
    if (no === VALUE.number) value = reader.double()
    else if (no === VALUE.string) value = reader.string()
    else if (no === VALUE.bool) value = reader.bool()
    else if (no === VALUE.struct) value = readStruct(reader, depth + 1)
    else if (no === VALUE.list) value = readList(reader, depth + 1)
    else {
      reader.pass(WIRE.varint)
      value = null
    }
  })
  return value
}

function readList(reader: Reader, depth: number): JsonValue[] {
  const items: JsonValue[] = []
  eachField(reader, { depth, framing: ITEMS }, () => items.push(readValue(reader, depth + 1)))
  return items
}

/** Walks a message that begins with its length; fields that it does not have, or that are framed otherwise, are passed over. */
function eachField(reader: Reader, { depth, framing }: { depth: number; framing: Framing }, take: (no: number) => void): void {
  reader.enter(depth)
  const end = reader.limit()
  while (reader.at < end) {
    const [no, wire] = reader.tag()
    if (framing[no] === wire) take(no)
    else reader.pass(wire)
  }
  if (reader.at > end) throw new Error('a field ends beyond its message')
}

function writeFields(writer: Writer, object: JsonObject): void {
  for (const [name, value] of Object.entries(object)) {
    writer.tag(1, WIRE.bytes).within(() => {
      writer.tag(1, WIRE.bytes).string(name)
      writer.tag(2, WIRE.bytes).within(() => writeValue(writer, value))
    })
  }
}

function writeValue(writer: Writer, value: JsonValue): void {
  if (value === null) writer.tag(VALUE.null, WIRE.varint).uint32(0)
  else if (typeof value === 'number') writer.tag(VALUE.number, WIRE.fixed64).double(value)
  else if (typeof value === 'string') writer.tag(VALUE.string, WIRE.bytes).string(value)
  else if (typeof value === 'boolean') writer.tag(VALUE.bool, WIRE.varint).bool(value)
  else if (Array.isArray(value)) writer.tag(VALUE.list, WIRE.bytes).within(() => writeItems(writer, value))
  else writer.tag(VALUE.struct, WIRE.bytes).within(() => writeFields(writer, value))
}

function writeItems(writer: Writer, items: readonly JsonValue[]): void {
  for (const item of items) writer.tag(1, WIRE.bytes).within(() => writeValue(writer, item))
}

/** How the fields of a message are framed, by number. */
type Framing = Readonly<Record<number, WireType>>

/** Of a struct and of a list. */
const ITEMS: Framing = { 1: WIRE.bytes }
const ENTRY: Framing = { 1: WIRE.bytes, 2: WIRE.bytes }
const VALUES: Framing = {
  [VALUE.null]: WIRE.varint,
  [VALUE.number]: WIRE.fixed64,
  [VALUE.string]: WIRE.bytes,
  [VALUE.bool]: WIRE.varint,
  [VALUE.struct]: WIRE.bytes,
  [VALUE.list]: WIRE.bytes,
}
