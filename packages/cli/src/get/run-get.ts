import type { KindName } from '@mesh/core/config'
import { yamlText } from '@mesh/core/edit'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { safeLine, safeLines } from '../output/terminal-safe.ts'
import { kindWord } from '../store/kinds.ts'
import { nameOfKey } from '../store/object-name.ts'
import { columnsOf } from './columns.ts'
import type { GetFormat } from './command.ts'
import { findObjects, type FindOptions, type FoundObjects } from './find-objects.ts'
import { objectValue, type ShownObject } from './shown-object.ts'

export interface GetOptions extends FindOptions {
  readonly output: GetFormat
}

/** `meshctl get`: objects as their files say them, with the status that pilot knows. */
export async function runGet(options: GetOptions): Promise<ExitCode> {
  const found = await findObjects(options)
  for (const key of found.missing) process.stderr.write(`${nameOfKey(key)} not found.\n`)
  for (const key of found.unread)
    process.stderr.write(`${safeLine(nameOfKey(key))}: its last good form is in force, its file cannot be read: see meshctl validate.\n`)
  const text = textOf(found, options)
  if (text !== '') await print(text)
  else if (found.missing.length + found.unread.length === 0)
    process.stderr.write(`No objects found${options.allNamespaces ? '' : ` in namespace ${options.namespace}`}.\n`)
  return found.missing.length === 0 ? EXIT.ok : EXIT.negative
}

function textOf(found: FoundObjects, { output, allNamespaces }: GetOptions): string {
  const { objects, single } = found
  if (output === 'json' || output === 'yaml') {
    if (single && objects[0] === undefined) return ''
    const value =
      single && objects[0] !== undefined ? objectValue(objects[0]) : { apiVersion: 'v1', kind: 'List', items: objects.map(objectValue) }
    return output === 'json' ? JSON.stringify(value, undefined, 2) : yamlText(value)
  }
  if (output === 'name') return safeLines(objects.map(({ stored }) => kindWord(stored.key)))
  return tables(found, { namespaces: allNamespaces, wide: output === 'wide' })
}

/** One table for each kind, as kubectl prints several; names tell their kinds then. */
function tables({ objects, kinds }: FoundObjects, options: { readonly namespaces: boolean; readonly wide: boolean }): string {
  return [...Map.groupBy(objects, ({ stored }) => stored.located.kind as KindName)]
    .map(([kind, all]) => table(columnsOf(kind, options), all, kinds.length > 1))
    .join('\n\n')
}

function table(columns: ReturnType<typeof columnsOf>, objects: readonly ShownObject[], several: boolean): string {
  const rows = objects.map((object) =>
    columns.map(({ head, cell }) => (several && head === 'NAME' ? kindWord(object.stored.key) : cell(object))),
  )
  return formatTable(
    columns.map(({ head }) => head),
    rows,
  )
}
