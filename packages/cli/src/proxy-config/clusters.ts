import { originName, type Origin } from '@mesh/core/origin'
import type { Cluster, View } from '@mesh/core/view'
import { shownPlace } from '../output/place.ts'
import { clusterPasses, parseClusterName, type Filters } from './filters.ts'
import type { Listing } from './listing.ts'

const TYPES: Readonly<Record<Cluster['discovery']['kind'], string>> = {
  eds: 'EDS',
  static: 'STATIC',
  dns: 'STRICT_DNS',
  'original-dst': 'ORIGINAL_DST',
  blackhole: 'STATIC',
}

/** `pc cluster`, in istioctl's columns. */
export function listClusters(view: View, filters: Filters): Listing<Cluster> {
  const items = view.clusters.filter((cluster) => clusterPasses(cluster.name, filters))
  return { heads: ['SERVICE FQDN', 'PORT', 'SUBSET', 'DIRECTION', 'TYPE', 'DESTINATION RULE'], rows: items.map(row), items }
}

function row(cluster: Cluster): readonly string[] {
  const name = parseClusterName(cluster.name)
  const [host, port, subset, direction] =
    name === undefined ? [cluster.name, '-', '-', '-'] : [name.host, String(name.port ?? '-'), name.subset, name.direction]
  return [host, port, subset === '' ? '-' : subset, direction, TYPES[cluster.discovery.kind], ruleOf(cluster.origin)]
}

function ruleOf(origin: Origin | undefined): string {
  return origin?.kind === 'DestinationRule' ? `${originName(origin).slice('DestinationRule '.length)} (${shownPlace(origin)})` : ''
}
