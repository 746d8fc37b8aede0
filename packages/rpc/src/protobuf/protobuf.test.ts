import * as official from '@bufbuild/protobuf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnySchema } from '../gen/google/protobuf/any_pb.ts'
import { DurationSchema } from '../gen/google/protobuf/duration_pb.ts'
import { MAX_MESSAGE_DEPTH, MAX_UNKNOWN_FIELDS } from '../limits.ts'
import { EverythingSchema } from '../testdata/everything.ts'
import { everythings } from '../testdata/everything-arbitrary.ts'
import { officialSchema } from '../testdata/official-everything.ts'
import { create, fromBinary, toBinary, toJson, WIRE, Writer, type JsonValue } from './index.ts'

const OFFICIAL = officialSchema()
const NONE = new Map()
const ALL = new Map([EverythingSchema, DurationSchema].map((schema) => [schema.typeName, schema]))
const bytesOf = (init: official.MessageInitShape<typeof OFFICIAL>): Uint8Array =>
  official.toBinary(OFFICIAL, official.create(OFFICIAL, init))
const encoded = (init: Parameters<typeof create<typeof EverythingSchema>>[1]): Uint8Array =>
  toBinary(EverythingSchema, create(EverythingSchema, init))

test("any message has the bytes that Buf's runtime gives it, and comes back from them", () => {
  fc.assert(
    fc.property(everythings, (init) => {
      const message = create(EverythingSchema, init)
      const bytes = toBinary(EverythingSchema, message)
      expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(bytesOf(init as never)).toString('hex'))
      expect(fromBinary(EverythingSchema, bytes)).toEqual(message)
    }),
    { numRuns: 100 },
  )
})

test("any message has the JSON that Buf's runtime gives it", () => {
  fc.assert(
    fc.property(everythings, (init) => {
      const judged = official.toJson(OFFICIAL, official.create(OFFICIAL, init as never), { useProtoFieldName: true })
      expect(toJson(EverythingSchema, create(EverythingSchema, init), NONE)).toEqual(judged)
    }),
    { numRuns: 100 },
  )
})

test('no bytes make reading throw anything but an Error, and what is read can be written again', () => {
  fc.assert(
    fc.property(everythings, fc.uint8Array({ maxLength: 20 }), fc.nat(), fc.nat(20), (init, noise, at, cut) => {
      const good = encoded(init)
      const from = at % (good.length + 1)
      const bytes = Buffer.concat([good.subarray(0, from), noise, good.subarray(Math.min(from + cut, good.length))])
      const read = attempt(() => fromBinary(EverythingSchema, bytes))
      const again = read instanceof Error ? encoded({}) : toBinary(EverythingSchema, read)
      expect(toBinary(EverythingSchema, fromBinary(EverythingSchema, again))).toEqual(again)
    }),
    { numRuns: 500 },
  )
})

test('an unknown field, and one that is framed as another type, are kept and written again', () => {
  const bytes = new Writer().tag(1, WIRE.varint).uint32(7).tag(900, WIRE.bytes).string('new').tag(901, WIRE.fixed64).double(1).finish()
  const message = fromBinary(EverythingSchema, bytes)
  expect(message.text).toBe('')
  expect(message.$unknown?.map(({ no }) => no)).toEqual([1, 900, 901])
  expect(toBinary(EverythingSchema, message)).toEqual(bytes)
})

test('a value in a struct that is framed as another type is passed over', () => {
  const value = new Writer().tag(3, WIRE.bytes).string('yes').tag(2, WIRE.varint).uint32(7).tag(4, WIRE.fixed64).double(1).finish()
  const entry = new Writer().tag(1, WIRE.bytes).string('a').tag(1, WIRE.varint).uint32(1).tag(2, WIRE.bytes).bytes(value).finish()
  const facts = new Writer().tag(1, WIRE.varint).uint32(5).tag(1, WIRE.bytes).bytes(entry).finish()
  expect(fromBinary(EverythingSchema, new Writer().tag(21, WIRE.bytes).bytes(facts).finish()).facts).toEqual({ a: 'yes' })
})

test('parts of a message that come one after the other are one message', () => {
  const child = (init: Parameters<typeof encoded>[0]): Uint8Array => new Writer().tag(9, WIRE.bytes).bytes(encoded(init)).finish()
  const both = Buffer.concat([child({ text: 'a', texts: ['x'] }), child({ count: 3, texts: ['y'] })])
  expect(fromBinary(EverythingSchema, both).child).toMatchObject({ text: 'a', count: 3, texts: ['x', 'y'] })
})

test('a message that was read from a Buffer keeps nothing of it', () => {
  const source = Buffer.concat([encoded({ raw: Uint8Array.of(1, 2) }), new Writer().tag(900, WIRE.bytes).string('a').finish()])
  const message = fromBinary(EverythingSchema, source)
  for (const kept of [message.raw, message.$unknown?.[0]?.data]) expect(kept?.buffer).not.toBe(source.buffer)
  source.fill(0)
  expect([...message.raw]).toEqual([1, 2])
})

test('numbers of a list are read packed and one by one', () => {
  const bytes = new Writer()
    .tag(11, WIRE.varint)
    .uint32(1)
    .tag(11, WIRE.bytes)
    .raw(Uint8Array.of(2, 2, 3))
    .finish()
  expect(fromBinary(EverythingSchema, bytes).counts).toEqual([1, 2, 3])
})

test('a map takes any key, and touches no prototype', () => {
  const message = fromBinary(
    EverythingSchema,
    encoded({ labels: JSON.parse('{"__proto__":"x","toString":"y"}') as Record<string, string> }),
  )
  expect(Object.entries(message.labels)).toEqual([
    ['__proto__', 'x'],
    ['toString', 'y'],
  ])
  expect({}.toString).toBe(Object.prototype.toString)
})

test.each([
  ['a length beyond the end', Uint8Array.of(10, 5, 65)],
  ['a length beyond its message', Uint8Array.of(74, 2, 10, 1, 65)],
  ['a length of 33 bits', Uint8Array.of(10, 0x81, 0x80, 0x80, 0x80, 0x10, 65)],
  ['the length of an unknown field of 33 bits', Uint8Array.of(0xa2, 0x38, 0x81, 0x80, 0x80, 0x80, 0x10, 65)],
  ['the length of a message of 33 bits', Uint8Array.of(74, 0x80, 0x80, 0x80, 0x80, 0x10)],
  ['a field number of 30 bits', Uint8Array.of(0x8a, 0x80, 0x80, 0x80, 0x10, 1, 65)],
  ['a varint without end', new Uint8Array(12).fill(0xff)],
  ['field number 0', Uint8Array.of(0, 0)],
  ['a group', Uint8Array.of(11, 12)],
  ['a text that is no UTF-8', Uint8Array.of(10, 1, 0xff)],
])('%s is refused', (_, bytes) => {
  expect(() => fromBinary(EverythingSchema, bytes)).toThrow(Error)
})

test('messages within messages have a bound', () => {
  const nested = (depth: number): Uint8Array =>
    Array.from({ length: depth }).reduce((inner: Uint8Array) => new Writer().tag(9, WIRE.bytes).bytes(inner).finish(), new Uint8Array())
  expect(() => fromBinary(EverythingSchema, nested(MAX_MESSAGE_DEPTH))).not.toThrow()
  expect(() => fromBinary(EverythingSchema, nested(MAX_MESSAGE_DEPTH + 1))).toThrow('nested too deep')
})

test('messages side by side have a bound, where one is asked for', () => {
  const flat = new Uint8Array(20).map((_byte, index) => (index % 2 === 0 ? 74 : 0))
  expect(() => fromBinary(EverythingSchema, flat, 11)).not.toThrow()
  expect(() => fromBinary(EverythingSchema, flat, 10)).toThrow('more than 10 messages')
  const facts = encoded({ facts: { list: [null, null, null, null] } })
  expect(() => fromBinary(EverythingSchema, facts, 5)).toThrow('more than 5 messages')
})

test('unknown fields are kept up to a bound, whichever message of many they are in', () => {
  const one = new Writer().tag(900, WIRE.varint).uint32(1).finish()
  const many = Buffer.concat(Array.from({ length: MAX_UNKNOWN_FIELDS }, () => one))
  const inner = new Writer().tag(9, WIRE.bytes).bytes(many).finish()
  const message = fromBinary(EverythingSchema, Buffer.concat([one, inner, many, encoded({ text: 'last' })]))
  const kept = (fields: readonly unknown[] | undefined) => fields?.length
  expect([message.text, kept(message.$unknown), kept(message.child?.$unknown)]).toEqual(['last', 1, MAX_UNKNOWN_FIELDS - 1])
})

test.each([
  ['a negative uint32', { count: -1 }],
  ['half of one', { count: 1.5 }],
  ['a large uint32', { count: 2 ** 32 }],
  ['a large int32', { small: 2 ** 31 }],
  ['no number', { small: Number.NaN }],
  ['a large int64', { large: 2n ** 63n }],
])('%s does not fit and is not written', (_, init) => {
  expect(() => encoded(init)).toThrow(Error)
})

test('half a character is written as the sign for one, so that the rest of its message arrives', () => {
  expect(fromBinary(EverythingSchema, encoded({ text: 'half \ud83d', count: 1 }))).toMatchObject({ text: 'half \ufffd', count: 1 })
})

test('what is a message already is taken as it is, and a plain object is copied', () => {
  const child = create(EverythingSchema, { text: 'a' })
  const texts = ['x']
  const message = create(EverythingSchema, { child, texts, choice: { case: 'pickedChild', value: { count: 1 } } })
  expect(message.child).toBe(child)
  expect(message.texts).not.toBe(texts)
  expect(message.choice).toMatchObject({ case: 'pickedChild', value: { $typeName: 'test.Everything', count: 1 } })
})

test('JSON shows what is in an envelope, and refuses a type that it does not know', () => {
  const wrap = (typeName: string, value: Uint8Array): JsonValue =>
    toJson(EverythingSchema, create(EverythingSchema, { envelope: { typeUrl: `type.googleapis.com/${typeName}`, value } }), ALL)
  expect(wrap('test.Everything', encoded({ text: 'in' }))).toEqual({
    envelope: { '@type': 'type.googleapis.com/test.Everything', text: 'in' },
  })
  const second = toBinary(DurationSchema, create(DurationSchema, { seconds: -1n, nanos: -500_000_000 }))
  expect(wrap('google.protobuf.Duration', second)).toEqual({
    envelope: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '-1.500s' },
  })
  expect(() => wrap('test.Nothing', second)).toThrow('test.Nothing is not a type that can be shown')
  expect(toJson(AnySchema, create(AnySchema), ALL)).toEqual({})
})

function attempt<T>(act: () => T): T | Error {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
