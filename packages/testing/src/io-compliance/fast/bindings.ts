import { isBuiltin } from 'node:module'

/** By what the fast plug can call C on this Node: each is tested. */
export const BINDINGS = isBuiltin('node:ffi') ? (['node:ffi', 'koffi'] as const) : (['koffi'] as const)
