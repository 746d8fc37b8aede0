import { resolve } from 'node:path'
import { writeDocs } from './check-docs.ts'

const changed = await writeDocs(resolve(import.meta.dirname, '../..'))
for (const file of changed) console.log(file)
console.log(`${changed.length} ${changed.length === 1 ? 'file' : 'files'} changed`)
