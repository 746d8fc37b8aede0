import { z } from '@mesh/core/schema'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { nearest } from './nearest.ts'
import { meshFileSchema, type MeshFile } from './mesh-file.ts'

/** A mistake in mesh.yaml, told as `mesh.yaml:LINE:COLUMN: what is wrong; what to write`. */
export type ReadMeshFile =
  | { readonly kind: 'read'; readonly mesh: MeshFile }
  | { readonly kind: 'refused'; readonly mistakes: readonly string[] }

/** Reads the text of a mesh.yaml; `file` is the name shown with a mistake. */
export function readMeshFile(text: string, file: string): ReadMeshFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken !== undefined) return { kind: 'refused', mistakes: [`${place(file, lines, broken.pos[0])}: ${broken.message.split('\n')[0]}`] }
  const result = meshFileSchema.safeParse(document.toJS())
  if (result.success) return { kind: 'read', mesh: result.data }
  return { kind: 'refused', mistakes: result.error.issues.flatMap((issue) => told(issue, { document, lines, file })) }
}

interface Source {
  readonly document: Document
  readonly lines: LineCounter
  readonly file: string
}

type Issue = NonNullable<ReturnType<typeof meshFileSchema.safeParse>['error']>['issues'][number]

function told(issue: Issue, source: Source): readonly string[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  const at = (longer: readonly (string | number)[]): string => place(source.file, source.lines, offsetOf(source.document, longer))
  if (issue.code !== 'unrecognized_keys') return [`${at(path)}: ${path.join('.')}: ${issue.message}`]
  return issue.keys.map((key) => {
    const meant = nearest(key, fieldsAt(path))
    return `${at([...path, key])}: no field is called ${key}${meant === undefined ? '' : `; write ${meant}`}`
  })
}

/** The field names that the schema knows at a path. */
function fieldsAt(path: readonly (string | number)[]): readonly string[] {
  let schema: unknown = meshFileSchema
  for (const part of path) schema = memberOf(bare(schema), part)
  const object = bare(schema)
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

function memberOf(schema: unknown, part: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[part]
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : undefined
}

/** Without what only says that it may be absent. */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema
}

/** Where the key of the last part stands, else the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const offset = keyOffset(parent, path[length - 1])
    if (offset !== undefined) return offset
  }
  return 0
}

function keyOffset(parent: unknown, key: string | number | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items)) return undefined
  for (const pair of parent.items as { key?: { value?: unknown; range?: [number, number, number] | null } }[]) {
    if (String(pair.key?.value) === String(key) && pair.key?.range) return pair.key.range[0]
  }
  return undefined
}

function place(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${file}:${line}:${col}`
}
