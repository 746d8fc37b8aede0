export type { Svid, SvidSource } from './svid.ts'
