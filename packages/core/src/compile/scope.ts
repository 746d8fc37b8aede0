import { objectsOf } from '../snapshot/objects-of.ts'
import type { NodeSelf } from '../view/node.ts'
import type { Sidecar, VirtualService } from './bodies.ts'
import { hostWithin } from './host-match.ts'
import { fullHost } from './names.ts'
import { byAge } from './order.ts'
import type { Instance } from './registry/instance.ts'
import type { Registry } from './registry/registry.ts'
import { exportedTo, type MeshService } from './registry/service.ts'
import { isEmpty, selects } from './selector.ts'

/** What one node may see: its own registration, and the services and rules that are exported to it and that its Sidecar asks for. */
export interface Scope {
  readonly registry: Registry
  readonly node: NodeSelf
  /** The node as the registry knows it; undefined when it never registered. */
  readonly self: Instance | undefined
  readonly sidecar: Sidecar | undefined
  /** All services that any of its listeners may reach. */
  readonly services: readonly MeshService[]
  /** Rules for callers in the mesh and for gateways alike, older ones first. */
  readonly virtualServices: readonly VirtualService[]
}

/** Which part of a scope one egress listener of a Sidecar reaches: `namespace/host` patterns. */
export type EgressHosts = readonly string[]

const ALL_HOSTS: EgressHosts = ['*/*']

/** The scope of a node in the mesh of a registry. */
export function scopeOf(registry: Registry, node: NodeSelf): Scope {
  const sidecar = node.kind === 'sidecar' ? sidecarOf(registry, node) : undefined
  const hosts = sidecar?.body.egress?.flatMap((listener) => listener.hosts) ?? ALL_HOSTS
  const visible = registry.services.filter((service) => exportedTo(service.exportTo, service.namespace, node.namespace))
  const exported = (rule: VirtualService): boolean =>
    exportedTo(listOr(rule.body.exportTo, registry.settings.virtualServiceExportTo), rule.meta.namespace, node.namespace)
  const scope = {
    registry,
    node,
    self: registry.instances.find((one) => one.name === node.name && one.namespace === node.namespace),
    sidecar,
    virtualServices: objectsOf(registry.snapshot, 'VirtualService').filter(exported).sort(byAge),
  }
  return {
    ...scope,
    services: onePerHost(
      visible.filter((service) => within(service, hosts, node.namespace)),
      node.namespace,
    ),
  }
}

/** The services of a scope that an egress listener names. */
export function servicesWithin(scope: Scope, hosts: EgressHosts | undefined): readonly MeshService[] {
  return hosts === undefined ? scope.services : scope.services.filter((service) => within(service, hosts, scope.node.namespace))
}

/** Whether an egress listener names a host that an object of `namespace` speaks of. */
export function hostInScope(scope: Scope, hosts: EgressHosts | undefined, namespace: string, host: string): boolean {
  return hosts === undefined || within({ namespace, host }, hosts, scope.node.namespace)
}

/** The service behind a host as this node sees it. */
export function serviceFor(scope: Scope, host: string): MeshService | undefined {
  return scope.services.find((service) => service.host === host)
}

function sidecarOf(registry: Registry, node: NodeSelf): Sidecar | undefined {
  const all = [...objectsOf(registry.snapshot, 'Sidecar')].sort(byAge)
  const inNamespace = (namespace: string): readonly Sidecar[] => all.filter((one) => one.meta.namespace === namespace)
  const labels = (one: Sidecar): Readonly<Record<string, string>> | undefined => one.body.workloadSelector?.labels
  const own = inNamespace(node.namespace)
  return (
    own.find((one) => !isEmpty(labels(one)) && selects(labels(one) ?? {}, node.labels)) ??
    own.find((one) => isEmpty(labels(one))) ??
    inNamespace(registry.settings.rootNamespace).find((one) => isEmpty(labels(one)))
  )
}

/** Istio `egress.hosts`: `ns/host`, with `.`, `*` and `~` (none) for the namespace. */
function within(what: { readonly namespace: string; readonly host: string }, hosts: EgressHosts, own: string): boolean {
  return hosts.some((pattern) => {
    const slash = pattern.indexOf('/')
    const namespace = pattern.slice(0, slash)
    if (namespace === '~') return false
    const inside = namespace === '*' || what.namespace === (namespace === '.' ? own : namespace)
    return inside && hostWithin(what.host, fullHost(pattern.slice(slash + 1), what.namespace))
  })
}

/** Of several entries for one host the node's own namespace wins, then the older one. */
function onePerHost(services: readonly MeshService[], namespace: string): readonly MeshService[] {
  const chosen = new Map<string, MeshService>()
  for (const service of services) {
    const before = chosen.get(service.host)
    if (before === undefined || (before.namespace !== namespace && service.namespace === namespace)) chosen.set(service.host, service)
  }
  return [...chosen.values()].sort((left, right) => (left.host < right.host ? -1 : 1))
}

function listOr(list: readonly string[] | undefined, otherwise: readonly string[]): readonly string[] {
  return list === undefined || list.length === 0 ? otherwise : list
}
