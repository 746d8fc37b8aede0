import { blank } from './create.ts'
import type { DescMessage, Field, MessageShape, UnknownField } from './message.ts'
import { put } from './put.ts'
import { Reader } from './reader.ts'
import { SCALARS } from './scalars.ts'
import { WIRE, type WireType } from './wire-type.ts'

/**
 * A message from its bytes; fields that the schema does not know are kept in `$unknown`, as many as there is room for.
 * Throws an Error when they are no message, or hold more than `maxMessages` within each other.
 */
export function fromBinary<D extends DescMessage>(schema: D, bytes: Uint8Array, maxMessages?: number): MessageShape<D> {
  const reader = new Reader(bytes, maxMessages)
  return readMessage(schema, { reader, end: reader.end, depth: 0 }, blank(schema)) as unknown as MessageShape<D>
}

export interface ReadFrom {
  readonly reader: Reader
  readonly end: number
  readonly depth: number
}

/** Reads fields up to `end` into a message. */
export function readMessage(schema: DescMessage, from: ReadFrom, into: Record<string, unknown>): Record<string, unknown> {
  const { reader, end, depth } = from
  reader.enter(depth)
  const { byNo } = schema.layout
  while (reader.at < end) {
    const [no, wire] = reader.tag()
    const field = byNo.get(no)
    if (field === undefined || !fits(field, wire)) keepUnknown(into, reader.unknown(no, wire))
    else READERS[field.many](field, { ...from, wire }, into)
  }
  if (reader.at > end) throw new Error('a field ends beyond its message')
  return into
}

/** A list of numbers comes packed or one by one. */
function fits(field: Field, wire: WireType): boolean {
  if (field.many === 'map') return wire === WIRE.bytes
  return wire === field.type.wire || (field.many === 'list' && wire === WIRE.bytes)
}

interface FieldFrom extends ReadFrom {
  readonly wire: WireType
}

type FieldReader = (field: Field, from: FieldFrom, into: Record<string, unknown>) => void

const READERS: Readonly<Record<Field['many'], FieldReader>> = {
  one({ name, oneof, type }, { reader, depth }, into) {
    if (oneof === undefined) into[name] = type.read(reader, depth, into[name])
    else {
      const choice = into[oneof] as { case?: string; value?: unknown }
      into[oneof] = { case: name, value: type.read(reader, depth, choice.case === name ? choice.value : undefined) }
    }
  },
  list({ name, type }, { reader, depth, wire }, into) {
    const list = into[name] as unknown[]
    if (wire === type.wire) return void list.push(type.read(reader, depth, undefined))
    const end = reader.limit()
    while (reader.at < end) list.push(type.read(reader, depth, undefined))
    if (reader.at > end) throw new Error('a field ends beyond its message')
  },
  map({ name, type }, { reader, depth }, into) {
    const end = reader.limit()
    let [key, value]: [string, unknown] = ['', undefined]
    while (reader.at < end) {
      const [no, wire] = reader.tag()
      if (no === 1 && wire === WIRE.bytes) key = String(SCALARS.string.read(reader, depth, undefined))
      else if (no === 2 && wire === type.wire) value = type.read(reader, depth, value)
      else reader.pass(wire)
    }
    if (reader.at > end) throw new Error('a field ends beyond its message')
    put(into[name] as Record<string, unknown>, key, value ?? type.zero ?? type.made({}))
  },
}

function keepUnknown(into: Record<string, unknown>, field: UnknownField | undefined): void {
  if (field === undefined) return
  const kept = (into['$unknown'] ??= []) as UnknownField[]
  kept.push(field)
}
