export { fastIo, FastUnavailable, type FastOptions } from './fast-io.ts'
export type { Sys } from './native/sys.ts'
