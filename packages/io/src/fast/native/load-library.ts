import { loadKoffi } from './koffi.ts'
import type { Binding, Library } from './library.ts'
import { loadNodeFfi } from './node-ffi.ts'

/** The binding that is wanted; else Node's own where it has one, and koffi elsewhere. Where there is none: a sentence that says why, and what to do. */
export function loadLibrary(wanted?: Binding): Library | string {
  const own = wanted === 'koffi' ? undefined : loadNodeFfi()
  if (own !== undefined) return own
  if (wanted === 'node:ffi') return `Node ${process.versions.node} has no node:ffi.`
  try {
    return loadKoffi()
  } catch (error) {
    return `Without node:ffi, which Node 26 has, it needs the package koffi, which ${failure(error)}: npm install koffi.`
  }
}

function failure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return 'is not installed'
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return `does not load (${line})`
}
