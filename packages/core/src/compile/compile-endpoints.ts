import type { Snapshot } from '../snapshot/snapshot.ts'
import type { ClusterEndpoints } from '../view/cluster.ts'
import type { NodeSelf } from '../view/node.ts'
import { endpointsFor } from './destination/endpoints.ts'
import { rulesFor } from './destination/rule.ts'
import { outboundCluster } from './names.ts'
import { compareText } from './order.ts'
import { registryOf } from './registry/registry.ts'
import { scopeOf, type Scope } from './scope.ts'
import { servicesWithCollector } from './tracing.ts'

/** The endpoints of a node's view alone, for changes that touch nothing else. */
export function compileEndpoints(snapshot: Snapshot, node: NodeSelf): readonly ClusterEndpoints[] {
  return endpointsIn(scopeOf(registryOf(snapshot), node))
}

/** The endpoints of every cluster that learns them from the endpoints lane; sorted by cluster. */
export function endpointsIn(scope: Scope): readonly ClusterEndpoints[] {
  const all: ClusterEndpoints[] = []
  for (const service of servicesWithCollector(scope)) {
    if (service.resolution !== 'endpoints') continue
    const { subsets } = rulesFor(scope, service)
    for (const port of service.ports) {
      if (port.protocol === 'udp') continue
      all.push({ cluster: outboundCluster(port.number, '', service.host), endpoints: endpointsFor(scope, service, port, undefined) })
      for (const { subset } of subsets) {
        const cluster = outboundCluster(port.number, subset.name, service.host)
        all.push({ cluster, endpoints: endpointsFor(scope, service, port, subset.labels) })
      }
    }
  }
  return all.sort((left, right) => compareText(left.cluster, right.cluster))
}
