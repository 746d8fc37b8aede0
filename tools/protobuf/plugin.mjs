import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from '@bufbuild/protobuf/wkt'

const plugin = createRequire(import.meta.url)
  .resolve('@bufbuild/protoc-gen-es/package.json')
  .replace('package.json', 'bin/protoc-gen-es')

/** TypeScript of a descriptor set by protoc-gen-es, as path → text. */
export function typescriptOf(set) {
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: set.file.filter((file) => !file.package.startsWith('google.protobuf')).map((file) => file.name),
    parameter: 'target=ts,import_extension=ts,erasable_syntax=true',
    protoFile: set.file,
  })
  const output = execFileSync(process.execPath, [plugin], { input: toBinary(CodeGeneratorRequestSchema, request), maxBuffer: 64 << 20 })
  const response = fromBinary(CodeGeneratorResponseSchema, output)
  if (response.error !== '') throw new Error(response.error)
  return new Map(response.file.map((file) => [file.name, file.content]))
}
