import { findingOf, type Finding, type FindingCode } from '@mesh/core/config'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { MAX_SHOWN_FINDINGS } from './limits.ts'
import { meshFileIssues, meshFileIssueTexts } from './mesh-file-issues.ts'
import { meshFileSchema, type MeshFile } from './mesh-file.ts'

/** A mesh.yaml, or all that is wrong with it, each finding at its place. */
export type ReadMeshFile =
  | { readonly kind: 'read'; readonly mesh: MeshFile }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

export interface MeshFileText {
  readonly text: string
  /** Its path, for findings. */
  readonly file: string
  /** Whether there is such a configuration folder, as mesh.yaml names it. */
  readonly isFolder: (path: string) => boolean
}

/** Reads the text of a mesh.yaml. */
export function readMeshFile({ text, file, isFolder }: MeshFileText): ReadMeshFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const source: Source = { document, lines, file }
  const broken = document.errors.map(({ message, pos }) => findingAt(pos[0], 'MESH0001', yamlText(message), source))
  if (broken.length > 0) return { kind: 'refused', findings: broken.slice(0, MAX_SHOWN_FINDINGS) }
  if (document.contents === null) return { kind: 'refused', findings: [findingAt(0, 'MESH0302', EMPTY, source)] }
  const value: unknown = document.toJS()
  const result = meshFileSchema.safeParse(value)
  if (!result.success) return { kind: 'refused', findings: meshFileIssues(value).flatMap((issue) => told(issue, value, source)) }
  const missing = missingFolders(result.data, { source, isFolder })
  return missing.length > 0 ? { kind: 'refused', findings: missing } : { kind: 'read', mesh: result.data }
}

interface Source {
  readonly document: Document
  readonly lines: LineCounter
  readonly file: string
}

interface Words {
  readonly message: string
  readonly fix?: string
}

const EMPTY: Words = { message: 'The file is empty.', fix: 'Write `name` and `config` at least; `meshctl init` writes an example.' }

function yamlText(message: string): Words {
  return { message: `${(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/\.$/, '')}.` }
}

function told(issue: ReturnType<typeof meshFileIssues>[number], value: unknown, source: Source): readonly Finding[] {
  const code = issue.code === 'unrecognized_keys' ? 'MESH0301' : 'MESH0302'
  return meshFileIssueTexts(issue, value).map((words) => findingAt(offsetOf(source.document, words.path), code, words, source))
}

function missingFolders(
  mesh: MeshFile,
  { source, isFolder }: { readonly source: Source } & Pick<MeshFileText, 'isFolder'>,
): readonly Finding[] {
  return mesh.config.flatMap((folder, index) => {
    if (isFolder(folder)) return []
    const words = { message: `The configuration folder \`${folder}\` does not exist.`, fix: 'Make it, or write where it is.' }
    return [findingAt(offsetOf(source.document, ['config', index]), 'MESH0303', words, source)]
  })
}

function findingAt(offset: number, code: FindingCode, words: Words, { lines, file }: Source): Finding {
  const { line, col: column } = lines.linePos(offset)
  const origin = { kind: 'mesh.yaml', namespace: '', name: '', file, line: Math.max(1, line), column: Math.max(1, column) }
  return findingOf(code, { origin, ...words })
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

interface Node {
  readonly range?: readonly number[] | null
  readonly key?: { readonly value?: unknown; readonly range?: readonly number[] | null }
}

function keyOffset(parent: unknown, key: string | number | undefined): number | undefined {
  if (typeof parent !== 'object' || parent === null || !('items' in parent) || !Array.isArray(parent.items)) return undefined
  const items = parent.items as readonly Node[]
  if (typeof key === 'number') return items[key]?.range?.[0]
  return items.find((pair) => String(pair.key?.value) === key)?.key?.range?.[0]
}
