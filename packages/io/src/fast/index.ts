export { fastIo, FastUnavailable, type FastOptions } from './fast-io.ts'
