import type { Snapshot } from '../snapshot/snapshot.ts'
import { spiffeId, type NodeSelf } from '../view/node.ts'
import type { Workload } from '../view/workload.ts'
import { compareText } from './order.ts'
import { workloadRef, type Instance } from './registry/instance.ts'
import { registryOf } from './registry/registry.ts'

/** What the registry does not say about a node: the cluster that it belongs to, and whether it can hold an SVID. */
export interface NodeDefaults {
  readonly cluster: string
  readonly identity: boolean
}

/** Istio's name of a cluster where none is given. */
const DEFAULTS: NodeDefaults = { cluster: 'Kubernetes', identity: true }

/** The proxies that a snapshot registers by WorkloadEntry, as they would ask for their views; sorted by namespace and name. */
export function nodesOf(snapshot: Snapshot, defaults: NodeDefaults = DEFAULTS): readonly NodeSelf[] {
  const { instances, settings } = registryOf(snapshot)
  return instances.map((one) => ({
    kind: one.annotations['mesh.io/proxy'] === 'gateway' ? 'gateway' : 'sidecar',
    name: one.name,
    namespace: one.namespace,
    serviceAccount: one.serviceAccount === '' ? 'default' : one.serviceAccount,
    workload: one.workload,
    labels: one.labels,
    address: one.address,
    cluster: defaults.cluster,
    trustDomain: settings.trustDomain,
    identity: defaults.identity && one.meshTls,
    capture: 'none',
  }))
}

/** The SPIFFE ids of the gateways that a snapshot registers, in every name of the trust domain. */
export function gatewayIds(snapshot: Snapshot): readonly string[] {
  const { trustDomainAliases } = registryOf(snapshot).settings
  const gateways = nodesOf(snapshot).filter((node) => node.kind === 'gateway')
  const ids = gateways.flatMap((node) => [node.trustDomain, ...trustDomainAliases].map((trustDomain) => spiffeId({ ...node, trustDomain })))
  return [...new Set(ids)].sort(compareText)
}

/** All workloads of the registry as their peers may know them; sorted by uid. */
export function workloadsOf(snapshot: Snapshot, cluster: string): readonly Workload[] {
  const all = registryOf(snapshot).instances.map((one) => workload(one, cluster))
  return all.sort((left, right) => compareText(left.uid, right.uid))
}

function workload(one: Instance, cluster: string): Workload {
  return {
    uid: `${cluster}/${one.namespace}/${one.name}`,
    ...workloadRef(one, cluster),
    serviceAccount: one.serviceAccount === '' ? 'default' : one.serviceAccount,
    addresses: [one.address],
  }
}
