export { portableIo, type PortableOptions } from './portable-io.ts'
