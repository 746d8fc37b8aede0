export { objectsOf } from './objects-of.ts'
export type { QuarantinedPolicy, Snapshot } from './snapshot.ts'
