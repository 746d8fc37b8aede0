export { fastIo, FastUnavailable, type FastIo, type FastOptions } from './fast-io.ts'
export type { Binding } from './native/library.ts'
export type { Sys } from './native/sys.ts'
