import type { Snapshot } from '@mesh/core/snapshot'
import { spiffeId, type NodeSelf } from '@mesh/core/view'
import { nodesOf } from '@mesh/core/compile'

/** Whom a node must prove to be before it gets its view. */
export interface Admission {
  readonly snapshot: Snapshot | undefined
  readonly trustDomain: string
  /** Whether peers have identities at all. */
  readonly identity: boolean
}

/** Why a peer may not speak for a node; undefined when it may: its certificate and the registry agree with what it claims. */
export function refusalOf(node: NodeSelf, principal: string | undefined, admission: Admission): string | undefined {
  const { snapshot, identity, trustDomain } = admission
  if (snapshot === undefined) return 'there is no configuration yet'
  if (identity) {
    const claimed = spiffeId({ ...node, trustDomain })
    if (node.trustDomain !== trustDomain)
      return `${node.name}.${node.namespace} claims trust domain ${node.trustDomain}, this is ${trustDomain}`
    if (principal !== claimed) return `${principal ?? 'a peer without identity'} may not speak for ${claimed}`
  }
  const registered = registeredNode(snapshot, node)
  if (registered === undefined) return undefined
  if (registered.serviceAccount !== node.serviceAccount) return `${node.name}.${node.namespace} is registered under another service account`
  return registered.address === node.address ? undefined : `${node.name}.${node.namespace} is registered at another address`
}

/** A node as the registry knows it. */
export interface KnownNode {
  readonly node: NodeSelf
  readonly registered: boolean
}

/** Labels, workload and kind are never the node's own claim where it is registered. */
export function knownNode(node: NodeSelf, { snapshot, identity }: Admission): KnownNode {
  const found = snapshot === undefined ? undefined : registeredNode(snapshot, node)
  const own = { ...node, identity: node.identity && identity }
  if (found === undefined) return { node: own, registered: false }
  return { node: { ...own, kind: found.kind, workload: found.workload, labels: found.labels }, registered: true }
}

/** The node that a snapshot registers under a name. */
export function registeredNode(snapshot: Snapshot, node: Pick<NodeSelf, 'name' | 'namespace'>): NodeSelf | undefined {
  return nodesOf(snapshot).find((one) => one.name === node.name && one.namespace === node.namespace)
}
