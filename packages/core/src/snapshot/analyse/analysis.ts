import { fullHost } from '../../compile/names.ts'
import type { Registry } from '../../compile/registry/registry.ts'
import type { MeshService } from '../../compile/registry/service.ts'
import { hostWithin } from '../../compile/host-match.ts'
import type { FindingCode } from '../../config/codes.ts'
import type { ConfigObject } from '../../config/object.ts'
import type { Snapshot } from '../snapshot.ts'

/** What a check over the objects of a snapshot looks at, and how it says what it finds. */
export interface Analysis {
  readonly snapshot: Snapshot
  readonly registry: Registry
  readonly report: (code: FindingCode, object: ConfigObject, path: readonly (string | number)[], message: string, fix?: string) => void
}

/** The services that a host stands for, as an object of a namespace writes it; a wildcard stands for several. */
export function servicesAt(analysis: Analysis, host: string, namespace: string): readonly MeshService[] {
  const full = fullHost(host, namespace)
  const exact = analysis.registry.byHost.get(full)
  if (exact !== undefined) return exact
  return analysis.registry.services.filter((service) => hostWithin(full, service.host) || hostWithin(service.host, full))
}

/** The names of services, as an object of a namespace may write them, for a likely spelling. */
export function hostSpellings(analysis: Analysis, namespace: string): readonly string[] {
  return analysis.registry.services.map((service) =>
    service.namespace === namespace && service.host.startsWith(`${service.name}.`) ? service.name : service.host,
  )
}

/** Whether workloads are registered at all; without a registry beside the configuration nothing can be said about them. */
export function knowsWorkloads(analysis: Analysis): boolean {
  return analysis.registry.instances.length > 0
}
