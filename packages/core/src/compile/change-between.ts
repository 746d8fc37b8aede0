import type { ConfigObject } from '../config/object.ts'
import { objectsOf } from '../snapshot/objects-of.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { WorkloadEntry } from './bodies.ts'
import { gatewayIds } from './nodes.ts'
import { instancesOf, registryOf, type Registry } from './registry/registry.ts'
import type { MeshService } from './registry/service.ts'

/** What a new snapshot changes in views: nothing, endpoints and workloads alone, or anything. */
export type Change = 'none' | 'endpoints' | 'all'

/**
 * Which lane a new snapshot needs. `endpoints` means that for each node whose own registration is the same
 * a view differs only in `snapshot`, `endpoints` and `workloads`.
 */
export function changeBetween(previous: Snapshot, next: Snapshot): Change {
  // The same content at other places of its files still moves the origins in views.
  if (previous.hash === next.hash) return sameItems(previous.objects, next.objects) ? 'none' : 'all'
  if (!sameConfiguration(previous, next) || !entriesKept(previous, next)) return 'all'
  return sameIdentities(registryOf(previous), registryOf(next)) && sameGateways(previous, next) ? 'endpoints' : 'all'
}

/** Unchanged files give the same objects, so that sameness is identity. */
function sameConfiguration(previous: Snapshot, next: Snapshot): boolean {
  const [before, after] = [previous, next].map((one) => one.objects.filter((object) => object.kind !== 'WorkloadEntry'))
  return sameItems(before ?? [], after ?? []) && sameItems(previous.quarantined, next.quarantined)
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}

/** Entries may come, go, and change readiness and weight; everything else of them is more than endpoints. */
function entriesKept(previous: Snapshot, next: Snapshot): boolean {
  const before = new Map(objectsOf(previous, 'WorkloadEntry').map((entry) => [keyOf(entry), entry]))
  return objectsOf(next, 'WorkloadEntry').every((entry) => {
    const known = before.get(keyOf(entry))
    return known === undefined || known === entry || shape(known) === shape(entry)
  })
}

function keyOf({ meta }: ConfigObject): string {
  return `${meta.namespace}/${meta.name}`
}

function shape({ meta, body }: WorkloadEntry): string {
  const { 'mesh.io/unready': _ready, ...annotations } = meta.annotations
  const { weight: _weight, ...rest } = body
  return JSON.stringify([
    sorted(meta.labels),
    sorted(annotations),
    sorted(rest.labels ?? {}),
    sorted(rest.ports ?? {}),
    rest.address,
    rest.serviceAccount,
  ])
}

function sorted(record: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1))
}

/** Clusters name the identities behind a service, and those of names in DNS carry their endpoints. */
function sameIdentities(before: Registry, after: Registry): boolean {
  return before.services.every((service, index) => {
    const twin = after.services[index]
    return twin !== undefined && identities(before, service) === identities(after, twin)
  })
}

/** Sidecars name the gateways that they believe. */
function sameGateways(before: Snapshot, after: Snapshot): boolean {
  return gatewayIds(before).join(' ') === gatewayIds(after).join(' ')
}

function identities(registry: Registry, service: MeshService): string {
  const instances = instancesOf(registry, service)
  if (service.resolution === 'dns') return JSON.stringify(instances)
  const accounts = instances.map((one) => `${one.namespace}/${one.serviceAccount}`)
  return [...new Set(accounts)].sort().join(' ')
}
