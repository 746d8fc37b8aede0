import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Cluster } from '../view/cluster.ts'
import type { NodeSelf } from '../view/node.ts'
import type { View } from '../view/view.ts'
import { endpointsIn } from './compile-endpoints.ts'
import { fixedClusters, serviceClusters } from './destination/clusters.ts'
import { withTimes } from './destination/tcp-times.ts'
import { gatewayListeners } from './gateway/gateway.ts'
import { applicationCluster, inboundListener } from './inbound/listener.ts'
import { inboundPorts, type InboundPort } from './inbound/ports.ts'
import { workloadsOf } from './nodes.ts'
import { byName } from './order.ts'
import { registryOf } from './registry/registry.ts'
import { NO_REPORT, type Report } from './report.ts'
import { outbound } from './route/egress-listeners.ts'
import { scopeOf, type Scope } from './scope.ts'
import { collectorCluster, collectorOf, servicesWithCollector } from './tracing.ts'

/**
 * Computes what one node may know of a snapshot. Pure and deterministic; equal arguments give equal JSON.
 * `report` hears what only compiling can find out; a part that fails is left out, or closed where it guards, and the rest stands.
 */
export function compileView(snapshot: Snapshot, node: NodeSelf, report: Report = NO_REPORT): View {
  const scope = scopeOf(registryOf(snapshot), node)
  const inbound = node.kind === 'sidecar' ? inboundPorts(scope) : []
  const out = node.kind === 'sidecar' ? outbound(scope, report) : gatewayListeners(scope, report)
  const reached = clusters(scope, inbound, report)
  return {
    snapshot: snapshot.hash,
    listeners: [...withTimes(out.listeners, reached), ...inbound.map((port) => inboundListener(scope, port, report))].sort(byName),
    routes: [...out.tables].sort(byName),
    clusters: reached,
    endpoints: endpointsIn(scope),
    workloads: workloadsOf(snapshot, node.cluster),
  }
}

function clusters(scope: Scope, inbound: readonly InboundPort[], report: Report): readonly Cluster[] {
  const services = servicesWithCollector(scope).flatMap((service) => serviceClusters(scope, service, report))
  const collector = collectorOf(scope)
  return [
    ...services,
    ...fixedClusters(scope),
    ...inbound.map((port) => applicationCluster(scope, port)),
    ...(collector !== undefined && collector.service === undefined ? [collectorCluster(scope, collector)] : []),
  ].sort(byName)
}
