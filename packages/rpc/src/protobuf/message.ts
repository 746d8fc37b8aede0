import type { Reader } from './reader.ts'
import type { WireType } from './wire-type.ts'
import type { Writer } from './writer.ts'

/** What every message has beside its fields. */
export interface Message<Name extends string = string> {
  readonly $typeName: Name
  /** Fields that came over the wire and are not known, in the order in which they came. */
  $unknown?: UnknownField[]
}

export interface UnknownField {
  readonly no: number
  readonly wireType: number
  readonly data: Uint8Array
}

export type JsonValue = string | number | boolean | null | JsonObject | JsonValue[]
export type JsonObject = { [name: string]: JsonValue }

/** Stands for the numbers that a newer version of an enum may have. */
export type UnknownEnum = number & Record<never, never>

/** What messages of a type look like on the wire; `M` is how they look here. */
export interface DescMessage<M extends Message = Message> {
  readonly typeName: string
  readonly layout: Layout
  /** Never there: it carries the type. */
  readonly shape?: M
}

/** The fields of a message, laid out when the first is read or written. */
export interface Layout {
  /** By number. */
  readonly fields: readonly Field[]
  readonly byNo: ReadonlyMap<number, Field>
  readonly oneofs: readonly string[]
}

export interface Field {
  readonly no: number
  /** Of its property. */
  readonly name: string
  /** In the .proto file, and in JSON. */
  readonly protoName: string
  /** Property of the choice that it is one of. */
  readonly oneof: string | undefined
  readonly many: 'one' | 'list' | 'map'
  readonly type: ValueType
}

/** How values of one type are read, written and told; values are what the schema says they are. */
export interface ValueType {
  readonly wire: WireType
  /** What an absent field says; undefined for a message, which may be absent. */
  readonly zero: unknown
  /** `before` is what this field said already: of a message parts may come one after the other. */
  read(reader: Reader, depth: number, before: unknown): unknown
  write(writer: Writer, value: unknown): void
  /** A value from what `create` was given. */
  made(init: unknown): unknown
  json(value: unknown, types: ReadonlyMap<string, DescMessage>): JsonValue
}

export type MessageShape<D extends DescMessage> = D extends DescMessage<infer M> ? M : never

/** A message, or a plain object with some of its fields. */
export type MessageInitShape<D extends DescMessage> = MessageShape<D> | Init<MessageShape<D>>

type Init<M> = { [K in keyof M as K extends '$typeName' | '$unknown' ? never : K]?: InitValue<M[K]> | undefined }

type InitValue<V> = V extends Message
  ? V | Init<V>
  : V extends { case: infer Case; value: infer Value }
    ? { case: Case; value: InitValue<Value> }
    : V extends readonly (infer Item)[]
      ? readonly InitValue<Item>[]
      : V extends Readonly<Record<string, infer Item extends Message>>
        ? Readonly<Record<string, InitValue<Item>>>
        : V

export type MethodKind = 'unary' | 'server_streaming' | 'client_streaming' | 'bidi_streaming'

export interface DescMethod<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage, K extends MethodKind = MethodKind> {
  /** `grpc.health.v1.Health`. */
  readonly service: string
  /** `Check`. */
  readonly name: string
  /** `check`. */
  readonly localName: string
  readonly methodKind: K
  readonly input: I
  readonly output: O
}

export interface DescService<M extends Readonly<Record<string, DescMethod>> = Readonly<Record<string, DescMethod>>> {
  readonly typeName: string
  readonly method: M
}
