import { isDeepStrictEqual } from 'node:util'
import type { MeshFile, ProcessEntry } from './mesh-file.ts'
import type { OpenedMesh } from './open-mesh.ts'

/** What the supervisor knows of mesh.yaml, which may be edited while the mesh runs. */
export interface KnownMesh {
  mesh: MeshFile
  /** Reads it anew. */
  readonly reread: () => OpenedMesh
}

/** What can change while replicas of a process run. */
const CHANGEABLE: ReadonlySet<string> = new Set(['command', 'env', 'probe', 'replicas'])

export type TakenUp =
  | { readonly kind: 'taken'; readonly entry: ProcessEntry | undefined }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads what mesh.yaml says now of a process, for replicas that start from now on; undefined when it names no such process. */
export function takeUp(workload: string, { known, runs }: { readonly known: KnownMesh; readonly runs: boolean }): TakenUp {
  const read = known.reread()
  if (read.kind === 'refused') return { kind: 'refused', reason: read.reasons.join('\n') }
  const [before, now] = [entryOf(known.mesh, workload), entryOf(read.mesh, workload)]
  if (now === undefined) return { kind: 'taken', entry: before }
  const fixed = before === undefined || !runs ? undefined : changedField(before, now)
  if (fixed !== undefined)
    return {
      kind: 'refused',
      reason: `mesh.yaml has another ${fixed} of ${workload} now, and that cannot change while it runs: \`meshctl scale ${workload}=0\` first, or \`meshctl down\`.`,
    }
  known.mesh = { ...known.mesh, processes: { ...known.mesh.processes, [workload]: now } }
  return { kind: 'taken', entry: now }
}

/** What mesh.yaml says of a process; `constructor` is a name like any other. */
function entryOf({ processes }: MeshFile, name: string): ProcessEntry | undefined {
  return Object.hasOwn(processes, name) ? processes[name] : undefined
}

/** The first field that differs and must not; one without a port has no application as long as it has no command. */
function changedField(before: ProcessEntry, now: ProcessEntry): string | undefined {
  if (before.port === undefined && (before.command === undefined) !== (now.command === undefined)) return 'command'
  return Object.keys({ ...before, ...now }).find(
    (field) => !CHANGEABLE.has(field) && !isDeepStrictEqual(before[field as keyof ProcessEntry], now[field as keyof ProcessEntry]),
  )
}
