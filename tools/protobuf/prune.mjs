import { create } from '@bufbuild/protobuf'
import { MessageOptionsSchema } from '@bufbuild/protobuf/wkt'

/**
 * Cuts a FileDescriptorSet down to the messages and fields of a keep list, in place.
 * Throws when the list names what does not exist, or keeps a field whose type it does not keep.
 */
export function prune(set, keep) {
  const used = new Set()
  const types = new Set()
  for (const file of set.file) {
    if (file.package.startsWith('google.protobuf')) continue
    file.messageType = keptMessages(file.messageType, file.package, keep, { used, types })
    file.service = file.service.filter((service) => keep.services.has(`${file.package}.${service.name}`))
    for (const service of file.service) stripService(service)
    file.extension = []
    delete file.options
  }
  for (const file of set.file) if (!file.package.startsWith('google.protobuf')) keepEnums(file, file.package, types)
  for (const name of keep.messages.keys()) if (!used.has(name)) throw new Error(`keep.txt names ${name}, which does not exist`)
  set.file = set.file.filter((file) => file.package.startsWith('google.protobuf') || !isEmpty(file))
  relinkImports(set)
}

function keptMessages(messages, parent, keep, seen) {
  const kept = []
  for (const message of messages) {
    const name = `${parent}.${message.name}`
    const fields = keep.messages.get(name)
    if (fields === undefined) {
      if (hasKeptChild(name, keep)) throw new Error(`keep.txt keeps a part of ${name}, but not ${name}`)
      continue
    }
    seen.used.add(name)
    keepFields(message, name, fields, seen.types)
    message.nestedType = keptMessages(message.nestedType, name, keep, seen)
    kept.push(message)
  }
  return kept
}

function hasKeptChild(name, keep) {
  for (const kept of keep.messages.keys()) if (kept.startsWith(`${name}.`)) return true
  return false
}

function keepFields(message, name, fields, types) {
  for (const wanted of fields) {
    if (wanted !== '*' && !message.field.some((field) => field.name === wanted)) throw new Error(`${name} has no field ${wanted}`)
  }
  message.field = message.field.filter((field) => fields.has('*') || fields.has(field.name))
  for (const field of message.field) {
    if (field.typeName !== '') types.add(field.typeName.slice(1))
    delete field.options
  }
  renumberOneofs(message)
  message.extension = []
  message.extensionRange = []
  message.reservedRange = []
  message.reservedName = []
  if (message.options?.mapEntry) message.options = create(MessageOptionsSchema, { mapEntry: true })
  else delete message.options
}

/** A oneof without members left goes; the others move up. */
function renumberOneofs(message) {
  const left = [...new Set(message.field.filter(inOneof).map((field) => field.oneofIndex))].sort((a, b) => a - b)
  for (const field of message.field) if (inOneof(field)) field.oneofIndex = left.indexOf(field.oneofIndex)
  message.oneofDecl = left.map((index) => message.oneofDecl[index])
  for (const oneof of message.oneofDecl) delete oneof.options
}

function inOneof(field) {
  return Object.hasOwn(field, 'oneofIndex')
}

/** Runs when all fields have been seen. `scope` is a file or a message. */
function keepEnums(scope, name, types) {
  scope.enumType = scope.enumType.filter((type) => types.has(`${name}.${type.name}`))
  for (const type of scope.enumType) {
    delete type.options
    for (const value of type.value) delete value.options
  }
  for (const message of scope.nestedType ?? scope.messageType) keepEnums(message, `${name}.${message.name}`, types)
}

function stripService(service) {
  delete service.options
  for (const method of service.method) delete method.options
}

function isEmpty(file) {
  return file.messageType.length + file.enumType.length + file.service.length === 0
}

/** Each file imports exactly the files whose types it uses. */
function relinkImports(set) {
  const home = new Map()
  for (const file of set.file) for (const name of declared(file)) home.set(name, file.name)
  for (const file of set.file) {
    if (file.package.startsWith('google.protobuf')) continue
    file.dependency = [...importsOf(file, home)].sort()
    file.publicDependency = []
    file.weakDependency = []
  }
}

function* declared(file) {
  for (const type of file.enumType) yield `${file.package}.${type.name}`
  yield* declaredIn(file.messageType, file.package)
}

function* declaredIn(messages, parent) {
  for (const message of messages) {
    const name = `${parent}.${message.name}`
    yield name
    for (const type of message.enumType) yield `${name}.${type.name}`
    yield* declaredIn(message.nestedType, name)
  }
}

function importsOf(file, home) {
  const imports = new Set()
  for (const name of referenced(file)) {
    const target = home.get(name)
    if (target === undefined) throw new Error(`${file.name} uses ${name}, which keep.txt does not keep`)
    if (target !== file.name) imports.add(target)
  }
  return imports
}

function* referenced(file) {
  yield* referencedIn(file.messageType)
  for (const service of file.service) for (const method of service.method) yield* [method.inputType.slice(1), method.outputType.slice(1)]
}

function* referencedIn(messages) {
  for (const message of messages) {
    for (const field of message.field) if (field.typeName !== '') yield field.typeName.slice(1)
    yield* referencedIn(message.nestedType)
  }
}
