import { blank, create } from './create.ts'
import { readMessage } from './decode.ts'
import { writeMessage } from './encode.ts'
import type { DescMessage, Field, Layout, Message, MessageInitShape, MessageShape, ValueType } from './message.ts'
import { isZero, SCALARS, type Scalar } from './scalars.ts'
import { STRUCT } from './struct.ts'
import { toJson } from './to-json.ts'
import { WIRE } from './wire-type.ts'

/** What generated code says of a field. */
export interface FieldSpec {
  readonly no: number
  readonly many: Field['many']
  readonly type: ValueType
  readonly protoName: string | undefined
}

/** Fields of which at most one is there, by name. */
export interface OneofSpec {
  readonly choices: Readonly<Record<string, FieldSpec>>
}

export type Specs = Readonly<Record<string, FieldSpec | OneofSpec>>

/** A message type of the generated code; its fields are asked for when the first message is read or written. */
export function message<M extends Message>(typeName: M['$typeName'], specs: () => Specs): DescMessage<M> {
  let layout: Layout | undefined
  return {
    typeName,
    get layout() {
      layout ??= layoutOf(specs())
      return layout
    },
  }
}

/** `protoName` where it does not follow from the name of the property. */
export function field(no: number, type: Scalar | DescMessage | ValueType, protoName?: string): FieldSpec {
  return { no, many: 'one', type: valueType(type), protoName }
}

export function list(no: number, type: Scalar | DescMessage | ValueType, protoName?: string): FieldSpec {
  return { no, many: 'list', type: valueType(type), protoName }
}

/** Keys are texts. */
export function map(no: number, type: Scalar | DescMessage | ValueType, protoName?: string): FieldSpec {
  return { no, many: 'map', type: valueType(type), protoName }
}

export function oneof(choices: Readonly<Record<string, FieldSpec>>): OneofSpec {
  return { choices }
}

/** An enum, by the names of its values. */
export function enumeration(values: Readonly<Record<string, number>>): ValueType {
  return {
    ...SCALARS.int32,
    json: (value) => Object.keys(values).find((name) => values[name] === value) ?? (value as number),
  }
}

/** A wrapper message like `google.protobuf.BoolValue`, which here is the value in it. */
export function boxed(scalar: Scalar): ValueType {
  const inner = SCALARS[scalar]
  const box = message<Message>('', () => ({ value: field(1, inner) }))
  return {
    wire: WIRE.bytes,
    zero: undefined,
    read: (reader, depth, before) =>
      readMessage(box, { reader, end: reader.limit(), depth: depth + 1 }, { value: before ?? inner.zero })['value'],
    write: (writer, value) => void writer.within(() => isZero(inner, value) || inner.write(writer.tag(1, inner.wire), value)),
    made: (init) => init,
    json: inner.json,
  }
}

export function struct(): ValueType {
  return STRUCT
}

function valueType(type: Scalar | DescMessage | ValueType): ValueType {
  if (typeof type === 'string') return SCALARS[type]
  return 'typeName' in type ? messageType(type) : type
}

function messageType(schema: DescMessage): ValueType {
  return {
    wire: WIRE.bytes,
    zero: undefined,
    read: (reader, depth, before) =>
      readMessage(schema, { reader, end: reader.limit(), depth: depth + 1 }, (before ?? blank(schema)) as Record<string, unknown>),
    write: (writer, value) => void writer.within(() => writeMessage(schema, writer, value as Record<string, unknown>)),
    made: (init) => create(schema, init as MessageInitShape<DescMessage>),
    json: (value, types) => toJson(schema, value as MessageShape<DescMessage>, types),
  }
}

function layoutOf(specs: Specs): Layout {
  const fields = Object.entries(specs)
    .flatMap(([name, spec]): readonly Field[] =>
      'choices' in spec
        ? Object.entries(spec.choices).map(([choice, one]) => fieldOf(choice, one, name))
        : [fieldOf(name, spec, undefined)],
    )
    .toSorted((a, b) => a.no - b.no)
  const oneofs = Object.keys(specs).filter((name) => 'choices' in (specs[name] ?? {}))
  return { fields, byNo: new Map(fields.map((one) => [one.no, one])), oneofs }
}

function fieldOf(name: string, { no, many, type, protoName }: FieldSpec, oneof: string | undefined): Field {
  return { no, name, protoName: protoName ?? snakeCase(name), oneof, many, type }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
