export { compatReport, type CompatEntry, type CompatPlace, type CompatReport } from './report.ts'
export { schemaFields, schemaPathText, type SchemaField } from './schema-fields.ts'
export { standingsOn, type Otherwise, type Standing } from '../config/fields/note.ts'
export { mendSource, type MendChange, type Mended } from './mend.ts'
