import { createFileRegistry, fromJson, type DescMessage } from '@bufbuild/protobuf'
import {
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_wrappers,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { JsonObject } from '../protobuf/index.ts'
import { Color } from './everything.ts'

/** The message of `everything.ts` for the runtime of Buf, which is the judge of ours. */
export function officialSchema(): DescMessage {
  const wellKnown = [file_google_protobuf_any, file_google_protobuf_duration, file_google_protobuf_struct, file_google_protobuf_wrappers]
  const file = fromJson(FileDescriptorProtoSchema, {
    name: 'everything.proto',
    package: 'test',
    syntax: 'proto3',
    dependency: wellKnown.map((one) => one.proto.name),
    enumType: [{ name: 'Color', value: Object.entries(Color).map(([name, number]) => ({ name, number })) }],
    messageType: [
      {
        name: 'Everything',
        field: OFFICIAL_FIELDS.map(officialField),
        oneofDecl: [{ name: 'choice' }],
        nestedType: ['Labels', 'Named', 'FactsOf'].map(mapEntry),
      },
    ],
  })
  const registry = createFileRegistry(file, (name) => wellKnown.find((one) => one.proto.name === name))
  const schema = registry.getMessage('test.Everything')
  if (schema === undefined) throw new Error('the judge does not know its message')
  return schema
}

function officialField([name, number, type, many]: (typeof OFFICIAL_FIELDS)[number]): JsonObject {
  return {
    name,
    number,
    label: many === 'list' ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL',
    ...(type.startsWith('.') ? { type: type === '.test.Color' ? 'TYPE_ENUM' : 'TYPE_MESSAGE', typeName: type } : { type: `TYPE_${type}` }),
    ...(many === 'choice' ? { oneofIndex: 0 } : {}),
  }
}

function mapEntry(name: string): JsonObject {
  const type = { Labels: 'STRING', Named: '.test.Everything', FactsOf: '.google.protobuf.Struct' }[name] ?? ''
  return {
    name: `${name}Entry`,
    field: [officialField(['key', 1, 'STRING']), officialField(['value', 2, type])],
    options: { mapEntry: true },
  }
}

/** Name, number, type (a scalar, or the full name of a message), and how many. */
const OFFICIAL_FIELDS: readonly (readonly [name: string, no: number, type: string, many?: 'list' | 'choice'])[] = [
  ['text', 1, 'STRING'],
  ['flag', 2, 'BOOL'],
  ['count', 3, 'UINT32'],
  ['small', 4, 'INT32'],
  ['large', 5, 'INT64'],
  ['ratio', 6, 'DOUBLE'],
  ['raw', 7, 'BYTES'],
  ['color', 8, '.test.Color'],
  ['child', 9, '.test.Everything'],
  ['texts', 10, 'STRING', 'list'],
  ['counts', 11, 'UINT32', 'list'],
  ['colors', 12, '.test.Color', 'list'],
  ['children', 13, '.test.Everything', 'list'],
  ['labels', 14, '.test.Everything.LabelsEntry', 'list'],
  ['named', 15, '.test.Everything.NamedEntry', 'list'],
  ['picked_text', 16, 'STRING', 'choice'],
  ['picked_child', 17, '.test.Everything', 'choice'],
  ['picked_flag', 18, 'BOOL', 'choice'],
  ['maybe', 19, '.google.protobuf.BoolValue'],
  ['limit', 20, '.google.protobuf.UInt32Value'],
  ['facts', 21, '.google.protobuf.Struct'],
  ['facts_of', 22, '.test.Everything.FactsOfEntry', 'list'],
  ['lasts', 23, '.google.protobuf.Duration'],
  ['envelope', 24, '.google.protobuf.Any'],
  ['far', 536_870_911, 'STRING'],
]
