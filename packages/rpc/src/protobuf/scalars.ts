import type { ValueType } from './message.ts'
import { WIRE } from './wire-type.ts'

export type Scalar = 'bool' | 'bytes' | 'double' | 'int32' | 'int64' | 'string' | 'uint32'

/** The scalar types that are in use. */
export const SCALARS: Readonly<Record<Scalar, ValueType>> = {
  bool: scalar<boolean>({
    wire: WIRE.varint,
    zero: false,
    read: (reader) => reader.bool(),
    write: (writer, value) => writer.bool(value),
  }),
  bytes: scalar<Uint8Array>({
    wire: WIRE.bytes,
    zero: new Uint8Array(),
    read: (reader) => reader.bytes(),
    write: (writer, value) => writer.bytes(value),
    json: (value) => Buffer.from(value).toString('base64'),
  }),
  double: scalar<number>({
    wire: WIRE.fixed64,
    zero: 0,
    read: (reader) => reader.double(),
    write: (writer, value) => writer.double(value),
    json: (value) => (Number.isFinite(value) ? value : String(value)),
  }),
  int32: scalar<number>({
    wire: WIRE.varint,
    zero: 0,
    read: (reader) => reader.int32(),
    write: (writer, value) => writer.int32(value),
  }),
  int64: scalar<bigint>({
    wire: WIRE.varint,
    zero: 0n,
    read: (reader) => reader.int64(),
    write: (writer, value) => writer.int64(value),
    json: String,
  }),
  string: scalar<string>({
    wire: WIRE.bytes,
    zero: '',
    read: (reader) => reader.string(),
    write: (writer, value) => writer.string(value),
  }),
  uint32: scalar<number>({
    wire: WIRE.varint,
    zero: 0,
    read: (reader) => reader.uint32(),
    write: (writer, value) => writer.uint32(value),
  }),
}

/** Whether it says no more than an absent field. */
export function isZero(type: ValueType, value: unknown): boolean {
  return value === undefined || Object.is(value, type.zero) || (value instanceof Uint8Array && value.length === 0)
}

interface ScalarOf<T> {
  readonly wire: ValueType['wire']
  readonly zero: T
  readonly read: (reader: Parameters<ValueType['read']>[0]) => T
  readonly write: (writer: Parameters<ValueType['write']>[0], value: T) => unknown
  /** Absent: JSON has the same value. */
  readonly json?: (value: T) => string | number
}

function scalar<T>({ wire, zero, read, write, json }: ScalarOf<T>): ValueType {
  return {
    wire,
    zero,
    read,
    write: (writer, value) => void write(writer, value as T),
    made: (init) => init,
    json: (value) => (json === undefined ? (value as string | number | boolean) : json(value as T)),
  }
}
