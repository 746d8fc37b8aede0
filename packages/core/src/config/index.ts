export type { Finding, Severity } from './finding.ts'
export { fieldOrigin, formatPath, objectKey, type ConfigObject, type FieldPlaces, type ObjectMeta } from './object.ts'
export { originName, originPlace, type Origin } from './origin.ts'
