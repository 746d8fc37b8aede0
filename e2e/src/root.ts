import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** How Node is told to run the mesh from source, as `npm start` does. */
export const SOURCE = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  `--require=${join(ROOT, 'tools/setup/from-source.cjs')}`,
]

/** The same in a line for a shell. */
export const SOURCE_LINE = SOURCE.join(' ')

/** Compiled code is kept from one process to the next. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/mesh-node') }
