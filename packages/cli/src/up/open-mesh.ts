import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
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
  const shown = relative(cwd, file)
  const read = readMeshFile(readFileSync(file, 'utf8'), shown.startsWith('..') ? file : shown)
  if (read.kind === 'refused') return { kind: 'refused', reasons: read.mistakes }
  const dir = dirname(file)
  const missing = read.mesh.config.filter((folder) => !existsSync(resolve(dir, folder)))
  if (missing.length > 0)
    return { kind: 'refused', reasons: missing.map((folder) => `${shown}: the configuration folder ${folder} does not exist.`) }
  return { kind: 'opened', mesh: read.mesh, dir }
}
