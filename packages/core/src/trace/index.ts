export { readB3, readB3Decision, writeB3 } from './b3.ts'
export { readTrace, type HeaderReader, type TraceContext } from './context.ts'
export { readTraceparent, writeTraceparent } from './w3c.ts'
