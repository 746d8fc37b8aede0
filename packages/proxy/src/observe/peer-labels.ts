import type { PeerLabels } from '@mesh/core/call'
import { spiffeId, type NodeSelf, type Workload, type WorkloadRef } from '@mesh/core/view'

/** Who called, by what cannot be forged in a header: the verified principal and the source address. */
export interface PeerDirectory {
  /** Undefined: unknown. */
  of(address: string, principal: string | undefined): PeerLabels | undefined
}

export interface DirectoryOptions {
  readonly trustDomain: string
  /** Whether callers can be asked for a certificate; only in a mesh without certificates does an address alone tell who called. */
  readonly identity: boolean
}

/** A directory over the workloads of a view. */
export function peerDirectory(workloads: readonly Workload[], options: DirectoryOptions): PeerDirectory {
  const byAddress = new Map<string, Workload>()
  const byPrincipal = new Map<string, PeerLabels | undefined>()
  for (const workload of workloads) {
    for (const address of workload.addresses) byAddress.set(address, workload)
    addPrincipal(byPrincipal, principalOf(workload, options.trustDomain), workload)
  }
  const byBoth = new Map<string, PeerLabels>()
  return {
    of(address, principal) {
      if (principal === undefined) return options.identity ? undefined : labelsAt(byAddress.get(address), byBoth, undefined)
      const at = byAddress.get(address)
      if (at !== undefined && principalOf(at, options.trustDomain) === principal) return labelsAt(at, byBoth, principal)
      return byPrincipal.get(principal)
    },
  }
}

/** How this node names itself in telemetry. */
export function selfLabels(node: NodeSelf): PeerLabels {
  return {
    workload: node.workload,
    namespace: node.namespace,
    app: node.labels['app'] ?? node.labels['service.istio.io/canonical-name'] ?? node.workload,
    version: node.labels['version'] ?? node.labels['service.istio.io/canonical-revision'] ?? 'latest',
    cluster: node.cluster,
    principal: node.identity ? spiffeId(node) : undefined,
  }
}

function labelsAt(workload: Workload | undefined, made: Map<string, PeerLabels>, principal: string | undefined): PeerLabels | undefined {
  if (workload === undefined) return undefined
  const key = `${workload.uid} ${principal ?? ''}`
  const known = made.get(key)
  if (known !== undefined) return known
  const labels = { ...refOf(workload), principal }
  made.set(key, labels)
  return labels
}

/** A principal that several workloads share tells none of them. */
function addPrincipal(table: Map<string, PeerLabels | undefined>, principal: string, workload: Workload): void {
  const labels = { ...refOf(workload), principal }
  if (!table.has(principal)) table.set(principal, labels)
  else if (!sameWorkload(table.get(principal), labels)) table.set(principal, undefined)
}

function sameWorkload(a: PeerLabels | undefined, b: PeerLabels): boolean {
  return (
    a !== undefined &&
    a.workload === b.workload &&
    a.namespace === b.namespace &&
    a.app === b.app &&
    a.version === b.version &&
    a.cluster === b.cluster
  )
}

function principalOf(workload: Workload, trustDomain: string): string {
  return spiffeId({ trustDomain, namespace: workload.namespace, serviceAccount: workload.serviceAccount })
}

function refOf(workload: Workload): WorkloadRef {
  return {
    workload: workload.workload,
    namespace: workload.namespace,
    app: workload.app,
    version: workload.version,
    cluster: workload.cluster,
  }
}
