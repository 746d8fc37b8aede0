import type { RunFile } from '../up/run-file.ts'

/** How people call the parts of a mesh. */
export interface ShortNames {
  /** `gateway`, `ratings` for `ratings-v1` where it has one version only, else `reviews-v2`. */
  workload(name: string): string
}

/** As much of a run file as names come from. */
export interface NamedParts {
  readonly workloads: RunFile['workloads']
  readonly gateways: readonly { readonly name: string }[]
}

/** The names of a running mesh. */
export function shortNames({ workloads, gateways }: NamedParts): ShortNames {
  const versions = new Map<string, Set<string>>()
  for (const { workload } of workloads) versions.set(base(workload), (versions.get(base(workload)) ?? new Set()).add(workload))
  const onlyGateway = new Set(gateways.map(({ name }) => name)).size === 1 ? gateways[0]?.name : undefined
  return {
    workload: (name) => (name === onlyGateway ? 'gateway' : versions.get(base(name))?.size === 1 ? base(name) : name),
  }
}

/** Without its version. */
function base(workload: string): string {
  return workload.replace(/-v\d+$/, '')
}
