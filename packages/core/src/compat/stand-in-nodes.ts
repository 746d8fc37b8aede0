import { isKind } from '../config/kinds.ts'
import type { ConfigObject } from '../config/object.ts'
import type { Snapshot } from '../snapshot/index.ts'
import type { NodeSelf } from '../view/node.ts'

/** Nodes as the Gateways and Sidecars of a snapshot select them: an export of a cluster does not show the Pods behind them. */
export function standInNodes({ objects }: Snapshot): readonly NodeSelf[] {
  return objects.flatMap((object) => {
    if (isKind(object, 'Gateway')) return [standIn(object, 'gateway', object.body.selector ?? {})]
    return isKind(object, 'Sidecar') ? [standIn(object, 'sidecar', object.body.workloadSelector?.labels ?? {})] : []
  })
}

function standIn({ meta }: ConfigObject, kind: NodeSelf['kind'], labels: Readonly<Record<string, string>>): NodeSelf {
  const { name, namespace } = meta
  const who = { name, namespace, workload: name, serviceAccount: 'default', labels }
  return { ...who, kind, address: '127.0.0.1', cluster: 'Kubernetes', trustDomain: 'cluster.local', identity: true, capture: 'none' }
}
