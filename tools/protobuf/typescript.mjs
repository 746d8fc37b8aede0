import { createFileRegistry, ScalarType } from '@bufbuild/protobuf'
import { Imports } from './imports.mjs'

/** Well-known messages that are generated like ours; the others stand as what they say. */
const GENERATED_WELL_KNOWN = new Set(['google/protobuf/any.proto', 'google/protobuf/duration.proto'])

/** TypeScript of a descriptor set, as path → text: a type and a schema for each message, in terms of packages/rpc/src/protobuf. */
export function typescriptOf(set) {
  const files = [...createFileRegistry(set).files].filter(
    ({ proto }) => !proto.package.startsWith('google.protobuf') || GENERATED_WELL_KNOWN.has(proto.name),
  )
  return new Map(files.map((file) => [pathOf(file), fileText(file)]))
}

function pathOf(file) {
  return `${file.name}_pb.ts`
}

function fileText(file) {
  const imports = new Imports(pathOf(file), declaredIn(file))
  const parts = [
    ...allOf(file, 'enums').map((one) => enumText(one, imports)),
    ...allOf(file, 'messages').map((message) => messageText(message, imports)),
    ...file.services.map((service) => serviceText(service, imports)),
  ]
  return [`// Generated from ${file.proto.name} by tools/protobuf/generate.mjs: do not edit.`, imports.text(), ...parts].join('\n\n') + '\n'
}

function declaredIn(file) {
  const messages = allOf(file, 'messages').map(localName)
  return [...allOf(file, 'enums').map(localName), ...messages, ...messages.map((name) => `${name}Schema`), ...file.services.map(localName)]
}

/** Of a file and of its messages, at any depth. */
function allOf(scope, what) {
  const messages = scope.messages ?? scope.nestedMessages
  const own = what === 'messages' ? messages : (scope.enums ?? scope.nestedEnums)
  return what === 'messages' ? own.flatMap((one) => [one, ...allOf(one, what)]) : [...own, ...messages.flatMap((one) => allOf(one, what))]
}

function enumText(one, imports) {
  imports.runtimeType('UnknownEnum')
  const renamed = one.values.find((value) => value.localName !== value.name)
  if (renamed !== undefined) throw new Error(`${one.typeName}: ${renamed.name} would have another name in JSON`)
  const name = localName(one)
  return [
    `export const ${name} = {`,
    ...one.values.map((value) => `  ${value.localName}: ${value.number},`),
    '} as const',
    '',
    `export type ${name} = (typeof ${name})[keyof typeof ${name}] | UnknownEnum`,
  ].join('\n')
}

function messageText(message, imports) {
  const name = localName(message)
  imports.runtime('message')
  imports.runtimeType('DescMessage', 'Message')
  return [
    `export interface ${name} extends Message<'${message.typeName}'> {`,
    ...message.members.map((member) => `  ${memberType(member, imports)}`),
    '}',
    '',
    `export const ${name}Schema: DescMessage<${name}> = message('${message.typeName}', () => ({`,
    ...message.members.map((member) => `  ${member.localName}: ${memberSpec(member, imports)},`),
    '}))',
  ].join('\n')
}

function memberType(member, imports) {
  if (member.kind !== 'oneof') return `${member.localName}${member.fieldKind === 'message' ? '?' : ''}: ${fieldType(member, imports)}`
  const choices = member.fields.map((field) => `{ case: '${field.localName}'; value: ${fieldType(field, imports)} }`)
  return `${member.localName}: ${[...choices, '{ case: undefined; value?: undefined }'].join(' | ')}`
}

function memberSpec(member, imports) {
  if (member.kind !== 'oneof') return fieldSpec(member, imports)
  imports.runtime('oneof')
  return `oneof({ ${member.fields.map((field) => `${field.localName}: ${fieldSpec(field, imports)}`).join(', ')} })`
}

function fieldType(field, imports) {
  const one = valueType(field, imports)
  return field.fieldKind === 'list' ? `${one}[]` : field.fieldKind === 'map' ? `{ [key: string]: ${one} }` : one
}

function fieldSpec(field, imports) {
  assertUsual(field)
  const build = { list: 'list', map: 'map' }[field.fieldKind] ?? 'field'
  imports.runtime(build)
  return `${build}(${[field.number, valueSpec(field, imports), ...protoName(field)].join(', ')})`
}

/** Said where it does not follow from the name of the property. */
function protoName({ localName, name }) {
  return localName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) === name ? [] : [`'${name}'`]
}

/** What the runtime does not do is not generated. */
function assertUsual(field) {
  const refuse = (what) => {
    throw new Error(`${field}: ${what} is not supported by packages/rpc/src/protobuf`)
  }
  if (field.fieldKind === 'map' && field.mapKey !== ScalarType.STRING) refuse('a map whose keys are no texts')
  if (field.fieldKind !== 'map' && field.proto.proto3Optional) refuse('an optional scalar')
  if (field.fieldKind === 'list' && isNumber(field) && !field.packed) refuse('a list that is not packed')
  if (field.delimitedEncoding === true) refuse('a group')
}

function isNumber(field) {
  return field.listKind === 'enum' || (field.listKind === 'scalar' && ![ScalarType.STRING, ScalarType.BYTES].includes(field.scalar))
}

const SCALARS = {
  [ScalarType.BOOL]: ['bool', 'boolean'],
  [ScalarType.BYTES]: ['bytes', 'Uint8Array'],
  [ScalarType.DOUBLE]: ['double', 'number'],
  [ScalarType.INT32]: ['int32', 'number'],
  [ScalarType.INT64]: ['int64', 'bigint'],
  [ScalarType.STRING]: ['string', 'string'],
  [ScalarType.UINT32]: ['uint32', 'number'],
}

const BOXES = { 'google.protobuf.BoolValue': ['bool', 'boolean'], 'google.protobuf.UInt32Value': ['uint32', 'number'] }

function valueType(field, imports) {
  if (field.enum !== undefined) return imports.ofFile(field.enum, localName(field.enum), { type: true })
  if (field.message === undefined) return scalar(field)[1]
  const { typeName } = field.message
  if (typeName === 'google.protobuf.Struct') return imports.runtimeType('JsonObject')
  const { proto } = field.message.file
  if (BOXES[typeName] === undefined && proto.package.startsWith('google.protobuf') && !GENERATED_WELL_KNOWN.has(proto.name))
    throw new Error(`${field}: ${typeName} is not supported by packages/rpc/src/protobuf`)
  return BOXES[typeName]?.[1] ?? imports.ofFile(field.message, localName(field.message), { type: true })
}

function valueSpec(field, imports) {
  if (field.enum !== undefined) return `${imports.runtime('enumeration')}(${imports.ofFile(field.enum, localName(field.enum))})`
  if (field.message === undefined) return `'${scalar(field)[0]}'`
  const { typeName } = field.message
  if (typeName === 'google.protobuf.Struct') return `${imports.runtime('struct')}()`
  const box = BOXES[typeName]
  return box === undefined ? imports.ofFile(field.message, `${localName(field.message)}Schema`) : `${imports.runtime('boxed')}('${box[0]}')`
}

function scalar(field) {
  const known = SCALARS[field.scalar]
  if (known === undefined) throw new Error(`${field}: its type is not supported by packages/rpc/src/protobuf`)
  return known
}

function serviceText(service, imports) {
  imports.runtime('service')
  return [
    `export const ${localName(service)} = service('${service.typeName}', {`,
    ...service.methods.map((method) => {
      const [input, output] = [method.input, method.output].map((one) => imports.ofFile(one, `${localName(one)}Schema`))
      return `  ${method.localName}: { methodKind: '${method.methodKind}', input: ${input}, output: ${output} },`
    }),
    '})',
  ].join('\n')
}

/** A nested type has the names of those around it before its own. */
function localName({ typeName, file }) {
  return typeName.slice(file.proto.package.length + 1).replaceAll('.', '_')
}
