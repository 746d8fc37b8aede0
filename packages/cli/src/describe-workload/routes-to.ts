import { printable } from '@mesh/core/call'
import type { Cluster, Route, RouteTable } from '@mesh/core/view'
import { shownOrigin } from '../output/place.ts'

/** A route that an object of the configuration made, and that can lead to what is described. */
export interface DescribedRoute {
  readonly where: string
  readonly match: string
  /** Share that goes there, in per cent. */
  readonly percent: number
  readonly by?: string
}

/** Routes of a table that lead to some of these clusters; `where` is how the table is called. */
export function routesTo(table: RouteTable, where: string, clusters: readonly Cluster[]): readonly DescribedRoute[] {
  const names = new Set(clusters.map((cluster) => cluster.name))
  return table.hosts.flatMap((host) =>
    host.routes.flatMap((route) => {
      const percent = percentTo(route, names)
      if (percent === 0 || route.origin?.kind !== 'VirtualService') return []
      return [{ where: `${where} ${host.domains[0] ?? '*'}`, match: matchText(route), percent, by: shownOrigin(route.origin) }]
    }),
  )
}

function percentTo({ action }: Route, names: ReadonlySet<string>): number {
  if (action.kind !== 'forward') return 0
  const weightOf = (clusters: typeof action.clusters): number => clusters.reduce((sum, one) => sum + one.weight, 0)
  const total = weightOf(action.clusters)
  const here = weightOf(action.clusters.filter((one) => names.has(one.cluster)))
  return total === 0 ? 0 : Math.round((here / total) * 10_000) / 100
}

function matchText({ match }: Route): string {
  const path =
    match.path.kind === 'prefix' ? `${match.path.value}*` : match.path.kind === 'regex' ? `regex ${match.path.value}` : match.path.value
  const headers = match.headers.map((header) => `${header.invert === true ? 'not ' : ''}${header.name}`)
  const query = match.query.map((one) => `?${one.name}`)
  return printable([path, ...headers, ...query].join(' '))
}
