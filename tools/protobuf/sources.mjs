import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const xdsDeps = join(here, '../../node_modules/@grpc/grpc-js-xds/deps')

/** Where imports are looked up, in order: our own files, then the Envoy API as the npm package @grpc/grpc-js-xds ships it. */
const ROOTS = [join(here, 'own'), ...['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => join(xdsDeps, name))]

/**
 * The import closure of some .proto files, as path → text. Files of `google/protobuf` are left to the compiler.
 */
export async function protoClosure(paths) {
  const files = new Map()
  const queue = [...paths]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (files.has(path) || path.startsWith('google/protobuf/')) continue
    const text = patched(path, await readProto(path))
    files.set(path, text)
    for (const [, imported] of text.matchAll(/^import (?:public )?"([^"]+)";/gm)) queue.push(imported)
  }
  return files
}

async function readProto(path) {
  for (const root of ROOTS) {
    try {
      return await readFile(join(root, path), 'utf8')
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
  throw new Error(`${path}: not found in ${ROOTS.join(', ')}`)
}

/** The shipped validate.proto is older than the Envoy files that use it: they set an option that it does not know yet. */
function patched(path, text) {
  if (path !== 'validate/validate.proto' || /StringRules \{[^}]*ignore_empty/.test(text)) return text
  return text.replace(/^message StringRules \{/m, '$&\n    optional bool ignore_empty = 26;')
}
