import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export const ROOT = resolve(import.meta.dirname, '../..')

/** How Node is told to run the mesh from source, as `npm start` does. */
export const SOURCE = `--import=${pathToFileURL(join(ROOT, 'tools/setup/known-paths.mjs')).href}`

/** Compiled code is kept from one process to the next. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/mesh-node') }
