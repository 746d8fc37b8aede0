import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { findingLine } from '../output/finding-line.ts'
import type { MeshFile } from './mesh-file.ts'
import { readMeshFile } from './read-mesh-file.ts'

export type OpenedMesh =
  | { readonly kind: 'opened'; readonly mesh: MeshFile; readonly dir: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/** Reads the mesh of a folder, or of a file in place of its mesh.yaml. */
export function openMesh(path: string, cwd: string): OpenedMesh {
  const given = resolve(cwd, path)
  if (!existsSync(given)) return { kind: 'refused', reasons: [`${path} does not exist.`] }
  const named = statSync(given).isDirectory() ? join(given, 'mesh.yaml') : given
  if (!existsSync(named)) return { kind: 'refused', reasons: [`${path} has no mesh.yaml: \`meshctl init\` writes one, with an example.`] }
  const file = realpathSync(named)
  const dir = dirname(file)
  const isFolder = (folder: string): boolean => statSync(resolve(dir, folder), { throwIfNoEntry: false })?.isDirectory() === true
  const read = readMeshFile({ text: readFileSync(file, 'utf8'), file, isFolder })
  if (read.kind === 'refused') return { kind: 'refused', reasons: read.findings.map((finding) => findingLine(finding, { cwd })) }
  return { kind: 'opened', mesh: read.mesh, dir }
}
