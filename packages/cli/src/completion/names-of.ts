import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { lookForMesh } from '../mesh/find-mesh.ts'

export interface OfferedName {
  readonly value: string
  readonly what: string
}

/** Names of the mesh that runs here; none without one. */
export function namesOf(cwd: string, kind: 'workload' | 'namespace'): readonly OfferedName[] {
  const workloads = lookForMesh(cwd)?.run.workloads ?? []
  if (kind === 'namespace') return [...new Set(workloads.map((one) => one.namespace))].sort().map((value) => ({ value, what: '' }))
  return workloads.map((one) => ({ value: one.name, what: `${one.namespace}, ${one.address}` }))
}

/** Files and folders that go on as a word begins; none where its folder cannot be read. */
export function pathsOf(cwd: string, word: string): readonly OfferedName[] {
  const folder = word.slice(0, word.lastIndexOf('/') + 1)
  try {
    const entries = readdirSync(resolve(cwd, folder), { withFileTypes: true })
    return entries.map((entry) => ({ value: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, what: '' }))
  } catch {
    return []
  }
}
