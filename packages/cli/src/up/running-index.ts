import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { writeWhole } from './files.ts'
import { isOurFolder } from './is-ours.ts'

/** Notes for this user's other terminals, wherever they stand, that a mesh of a folder runs; `block` names the note. Says nothing where it cannot. */
export function noteRunning(dir: string, block: string, env: NodeJS.ProcessEnv): void {
  const folder = indexFolder(env)
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    if (isOurFolder(folder)) writeWhole(join(folder, block), dir)
  } catch {
    // Then the mesh is found from its own folder only.
  }
}

/** Takes back all notes about a folder. */
export function forgetRunning(dir: string, env: NodeJS.ProcessEnv): void {
  const folder = indexFolder(env)
  for (const [name, noted] of notes(folder)) if (noted === dir) rmSync(join(folder, name), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // Others are noted there, or nobody ever was.
  }
}

/** Folders of meshes that are noted to run; some may have been killed. */
export function notedDirs(env: NodeJS.ProcessEnv): readonly string[] {
  return [...new Set(notes(indexFolder(env)).map(([, dir]) => dir))]
}

/** MESH_RUNTIME_DIR, else a folder of this user's session, else one below the temporary folder. */
function indexFolder({ MESH_RUNTIME_DIR, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string {
  if (MESH_RUNTIME_DIR !== undefined && MESH_RUNTIME_DIR !== '') return MESH_RUNTIME_DIR
  if (XDG_RUNTIME_DIR !== undefined && XDG_RUNTIME_DIR !== '') return join(XDG_RUNTIME_DIR, 'meshctl')
  return join(tmpdir(), `meshctl-${userInfo().uid}`)
}

function notes(folder: string): readonly (readonly [name: string, dir: string])[] {
  try {
    // A folder that another user made, or may write to, could lead to a mesh of his.
    if (!isOurFolder(folder)) return []
    return readdirSync(folder)
      .filter((name) => /^\d+\.\d+$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  } catch {
    return []
  }
}
