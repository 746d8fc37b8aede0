import type { Endpoint, View } from '@mesh/core/view'
import type { Ejections } from '../mesh/proxy-ejections.ts'
import { clusterPasses, type Filters } from './filters.ts'
import type { Listing } from './listing.ts'

interface ListedEndpoint extends Endpoint {
  readonly cluster: string
  /** It takes no calls for a while. */
  readonly ejected: boolean
}

/** `pc endpoint`, in istioctl's columns: those of the endpoint lane and those that stand in their cluster. */
export function listEndpoints(view: View, filters: Filters, isEjected: Ejections): Listing<ListedEndpoint> {
  const { port, ...rest } = filters
  const inline = view.clusters.flatMap((cluster) =>
    cluster.discovery.kind === 'static' || cluster.discovery.kind === 'dns'
      ? [{ cluster: cluster.name, endpoints: cluster.discovery.endpoints }]
      : [],
  )
  const items = [...view.endpoints, ...inline]
    .filter((group) => clusterPasses(group.cluster, rest))
    .flatMap((group) =>
      group.endpoints.map((endpoint) => ({ ...endpoint, cluster: group.cluster, ejected: isEjected(group.cluster, endpoint) })),
    )
    .filter((endpoint) => port === undefined || endpoint.port === port)
  const rows = items.map((one) => [
    `${one.address}:${one.port}`,
    one.healthy ? 'HEALTHY' : 'UNHEALTHY',
    one.ejected ? 'FAILED' : 'OK',
    one.cluster,
  ])
  return { heads: ['ENDPOINT', 'STATUS', 'OUTLIER CHECK', 'CLUSTER'], rows, items }
}
