import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileView, nodesOf } from '@mesh/core/compile'
import type { Finding, FindingCode } from '@mesh/core/config'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import { readMeshFile } from '../../packages/cli/src/up/read-mesh-file.ts'

/** A configuration that a finding is told of, and the same without the mistake. */
export interface FindingCase {
  readonly failing: CaseFile
  readonly mended: CaseFile
  /** What stood there before, where the finding needs a past. */
  readonly before: CaseFile | undefined
}

export interface CaseFile {
  /** The comment at its head, as one paragraph. */
  readonly about: string
  /** The YAML below that. */
  readonly text: string
}

/** The case of a code: the files in `docs/findings/cases/CODE`; undefined where it has none. */
export function readCase(root: string, code: FindingCode): FindingCase | undefined {
  const folder = join(root, 'docs/findings/cases', code)
  if (!existsSync(folder)) return undefined
  const file = (name: string): CaseFile => caseFile(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  const before = existsSync(join(folder, 'before.yaml')) ? file('before') : undefined
  return { failing: file('failing'), mended: file('mended'), before }
}

function caseFile(text: string): CaseFile {
  const head = /^(?:#.*\n)*/.exec(text)?.[0] ?? ''
  const about = head
    .split('\n')
    .map((line) => line.replace(/^# ?/, '').trim())
    .join(' ')
    .trim()
  return { about, text: text.slice(head.length) }
}

/** All that is told of a case of a code: of a mesh.yaml beside a folder `config`, or of a configuration. */
export function caseFindings(
  code: FindingCode,
  file: string,
  { text, before }: { text: string; before?: string | undefined },
): readonly Finding[] {
  if (!isMeshFileCode(code)) return findingsOf(file, text, before)
  const read = readMeshFile({ text, file, isFolder: (path) => path === 'config' })
  return read.kind === 'read' ? [] : read.findings
}

/** Whether a code is about mesh.yaml. */
export function isMeshFileCode(code: FindingCode): boolean {
  return code.startsWith('MESH03')
}

/** All that is told of a configuration: by its schemas, by the checks between objects, and by the compiler for each of its proxies. */
function findingsOf(file: string, text: string, before?: string): readonly Finding[] {
  const past: Snapshot | undefined = before === undefined ? undefined : buildSnapshot({ sources: [{ file, text: before }] })
  const snapshot = buildSnapshot({ sources: [{ file, text }], ...(past === undefined ? {} : { previous: past }) })
  const findings = [...snapshot.findings]
  for (const node of nodesOf(snapshot)) compileView(snapshot, node, (finding) => findings.push(finding))
  return findings
}

/** Lines and codes that a case marks by a comment at the end of the line: `# IST0101`. */
export function markersIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const codes = /#\s*((?:IST|MESH)\d{4}(?:,\s*(?:IST|MESH)\d{4})*)\s*$/.exec(line)?.[1]
    return codes === undefined ? [] : codes.split(/,\s*/).map((code) => `${index + 1} ${code}`)
  })
}
