import type { Cluster, Endpoint } from '../view/cluster.ts'

/** The endpoints of a cluster that may take calls; `lane`: those that the view has under its name. */
export function readyEndpoints({ discovery }: Cluster, lane: readonly Endpoint[] | undefined): readonly Endpoint[] {
  const all = discovery.kind === 'eds' ? (lane ?? []) : 'endpoints' in discovery ? discovery.endpoints : []
  return all.filter((endpoint) => endpoint.healthy && endpoint.weight > 0)
}
