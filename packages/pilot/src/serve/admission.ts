import { isIP } from 'node:net'
import { parseSpiffeId } from '@mesh/core/identity'
import type { Snapshot } from '@mesh/core/snapshot'
import { spiffeId, type NodeSelf } from '@mesh/core/view'
import { registeredNode } from './registered-node.ts'

/** Whom a node must prove to be before it gets its view. */
export interface Admission {
  readonly snapshot: Snapshot | undefined
  readonly trustDomain: string
  readonly cluster: string
  /** Whether peers have identities at all. */
  readonly identity: boolean
  /** Whether a node with an identity that no WorkloadEntry registers is served too, as a sidecar without labels. */
  readonly allowUnregistered: boolean
}

/**
 * Why a peer may not speak for a node; undefined when it may: its certificate and the registry agree with what it claims.
 * An identity says whose account a workload has, not which of that account's workloads it is: that is for the registry to say.
 */
export function refusalOf(node: NodeSelf, principal: string | undefined, admission: Admission): string | undefined {
  const { snapshot, identity } = admission
  if (snapshot === undefined) return 'there is no configuration yet'
  const stranger = identity ? impostureOf(node, principal, admission.trustDomain) : undefined
  if (stranger !== undefined) return stranger
  const registered = registeredNode(snapshot, node)
  if (registered !== undefined) return disagreementOf(node, registered)
  return identity ? unregisteredOf(node, admission) : undefined
}

function impostureOf(node: NodeSelf, principal: string | undefined, trustDomain: string): string | undefined {
  if (node.trustDomain !== trustDomain) return `${nameOf(node)} claims trust domain ${node.trustDomain}, this is ${trustDomain}`
  const proven = parseSpiffeId(principal ?? '')
  const { namespace, serviceAccount } = node
  const same = proven?.trustDomain === trustDomain && proven.namespace === namespace && proven.serviceAccount === serviceAccount
  return same ? undefined : `${principal ?? 'a peer without identity'} may not speak for ${spiffeId(node)}`
}

function disagreementOf(node: NodeSelf, registered: NodeSelf): string | undefined {
  if (registered.serviceAccount !== node.serviceAccount) return `${nameOf(node)} is registered under another service account`
  return registered.address === node.address ? undefined : `${nameOf(node)} is registered at another address`
}

function unregisteredOf(node: NodeSelf, { allowUnregistered }: Admission): string | undefined {
  if (!allowUnregistered)
    return `${nameOf(node)} is not registered: add a WorkloadEntry of this name with its address and service account, or set allowUnregistered`
  if (node.kind !== 'sidecar') return `${nameOf(node)} is not registered, and only sidecars may be so`
  return isIP(node.address) === 0 ? `${nameOf(node)} is not registered, and its address is no IP address` : undefined
}

/** A node as the registry knows it. */
export interface KnownNode {
  readonly node: NodeSelf
  readonly registered: boolean
}

/**
 * What a node is, for all that decides its view. Of its own claims only the name, which was judged, and that it holds no SVID are taken;
 * one that is not registered selects nothing by labels, unless nodes prove nothing at all.
 */
export function knownNode(node: NodeSelf, { snapshot, identity, trustDomain, cluster }: Admission): KnownNode {
  const found = snapshot === undefined ? undefined : registeredNode(snapshot, node)
  const facts = { trustDomain, cluster, identity: node.identity && identity }
  if (found !== undefined) return { node: { ...found, ...facts }, registered: true }
  if (!identity) return { node: { ...node, ...facts }, registered: false }
  return { node: { ...node, ...facts, kind: 'sidecar', workload: node.serviceAccount, labels: {} }, registered: false }
}

function nameOf({ name, namespace }: NodeSelf): string {
  return `${name}.${namespace}`
}
