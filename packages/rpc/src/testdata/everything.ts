import { AnySchema, type Any } from '../gen/google/protobuf/any_pb.ts'
import { DurationSchema, type Duration } from '../gen/google/protobuf/duration_pb.ts'
import {
  boxed,
  enumeration,
  field,
  list,
  map,
  message,
  oneof,
  struct,
  type DescMessage,
  type JsonObject,
  type Message,
} from '../protobuf/index.ts'

export const Color = { NONE: 0, RED: 1, BLUE: 7 } as const

/** A message with a field of each kind. */
export interface Everything extends Message<'test.Everything'> {
  text: string
  flag: boolean
  count: number
  small: number
  large: bigint
  ratio: number
  raw: Uint8Array
  color: number
  child?: Everything
  texts: string[]
  counts: number[]
  colors: number[]
  children: Everything[]
  labels: { [key: string]: string }
  named: { [key: string]: Everything }
  choice:
    | { case: 'pickedText'; value: string }
    | { case: 'pickedChild'; value: Everything }
    | { case: 'pickedFlag'; value: boolean }
    | { case: undefined; value?: undefined }
  maybe?: boolean
  limit?: number
  facts?: JsonObject
  factsOf: { [key: string]: JsonObject }
  lasts?: Duration
  envelope?: Any
  far: string
}

export const EverythingSchema: DescMessage<Everything> = message('test.Everything', () => ({
  far: field(536_870_911, 'string'),
  text: field(1, 'string'),
  flag: field(2, 'bool'),
  count: field(3, 'uint32'),
  small: field(4, 'int32'),
  large: field(5, 'int64'),
  ratio: field(6, 'double'),
  raw: field(7, 'bytes'),
  color: field(8, enumeration(Color)),
  child: field(9, EverythingSchema),
  texts: list(10, 'string'),
  counts: list(11, 'uint32'),
  colors: list(12, enumeration(Color)),
  children: list(13, EverythingSchema),
  labels: map(14, 'string'),
  named: map(15, EverythingSchema),
  choice: oneof({ pickedText: field(16, 'string'), pickedChild: field(17, EverythingSchema), pickedFlag: field(18, 'bool') }),
  maybe: field(19, boxed('bool')),
  limit: field(20, boxed('uint32')),
  facts: field(21, struct()),
  factsOf: map(22, struct()),
  lasts: field(23, DurationSchema),
  envelope: field(24, AnySchema),
}))
