import { objectsOf } from '../../snapshot/objects-of.ts'
import type { Snapshot } from '../../snapshot/snapshot.ts'
import { byAge, compareText } from '../order.ts'
import { isEmpty, selects } from '../selector.ts'
import { readSettings, type MeshSettings } from '../settings.ts'
import { instanceOfEntry, type Instance } from './instance.ts'
import { kubernetesService } from './kubernetes-service.ts'
import { entryServices } from './service-entry.ts'
import type { MeshService } from './service.ts'

/** The services and workloads of a snapshot, and the settings of its mesh; the same for every node. */
export interface Registry {
  readonly snapshot: Snapshot
  readonly settings: MeshSettings
  /** Older objects first. */
  readonly services: readonly MeshService[]
  readonly instances: readonly Instance[]
  readonly byHost: ReadonlyMap<string, readonly MeshService[]>
}

/** Made once for each snapshot. */
export function registryOf(snapshot: Snapshot): Registry {
  const known = REGISTRIES.get(snapshot)
  if (known !== undefined) return known
  const made = build(snapshot)
  REGISTRIES.set(snapshot, made)
  return made
}

/** All instances behind a service: those its selector finds in its namespace, and those it lists. */
export function instancesOf(registry: Registry, service: MeshService): readonly Instance[] {
  const known = BEHIND.get(service)
  if (known !== undefined) return known
  const found = find(registry, service)
  BEHIND.set(service, found)
  return found
}

const REGISTRIES = new WeakMap<Snapshot, Registry>()
/** By service, which belongs to one registry. */
const BEHIND = new WeakMap<MeshService, readonly Instance[]>()

function find(registry: Registry, service: MeshService): readonly Instance[] {
  const { selector } = service
  if (isEmpty(selector) || selector === undefined) return service.inline
  const found = registry.instances.filter((one) => one.namespace === service.namespace && selects(selector, one.labels))
  return service.inline.length === 0 ? found : [...service.inline, ...found]
}

function build(snapshot: Snapshot): Registry {
  const settings = readSettings(snapshot)
  const services = [
    ...[...objectsOf(snapshot, 'Service')].sort(byAge).map((object) => kubernetesService(object, settings.serviceExportTo)),
    ...[...objectsOf(snapshot, 'ServiceEntry')].sort(byAge).flatMap((object) => entryServices(object, settings.serviceExportTo)),
  ]
  const instances = objectsOf(snapshot, 'WorkloadEntry')
    .map(instanceOfEntry)
    .filter((one) => one !== undefined)
    .sort((left, right) => compareText(`${left.namespace}/${left.name}`, `${right.namespace}/${right.name}`))
  const byHost = new Map<string, MeshService[]>()
  for (const service of services) byHost.set(service.host, [...(byHost.get(service.host) ?? []), service])
  return { snapshot, settings, services, instances, byHost }
}
