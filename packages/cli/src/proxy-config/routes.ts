import { originName } from '@mesh/core/origin'
import type { PathMatch, Route, RouteTable, View, VirtualHost } from '@mesh/core/view'
import { shownPlace } from '../output/place.ts'
import type { Filters } from './filters.ts'
import type { Listing } from './listing.ts'

/** `pc route`, in istioctl's columns: one row for each route. */
export function listRoutes(view: View, filters: Filters): Listing<RouteTable> {
  const inline = view.listeners.flatMap((listener) =>
    listener.chains.flatMap((chain) =>
      chain.filter.kind === 'http' && chain.filter.routes.kind === 'inline' ? [chain.filter.routes.table] : [],
    ),
  )
  const items = [...view.routes, ...unique(inline)].filter((table) => filters.name === undefined || table.name === filters.name)
  const rows = items.flatMap((table) => table.hosts.flatMap((host) => host.routes.map((route) => row(table, host, route))))
  return { heads: ['NAME', 'VHOST NAME', 'DOMAINS', 'MATCH', 'VIRTUAL SERVICE'], rows, items }
}

function row(table: RouteTable, host: VirtualHost, route: Route): readonly string[] {
  const origin =
    route.origin?.kind === 'VirtualService'
      ? `${originName(route.origin).slice('VirtualService '.length)} (${shownPlace(route.origin)})`
      : ''
  return [table.name, host.name, domainsText(host.domains), matchText(route), origin]
}

function domainsText(domains: readonly string[]): string {
  const [first = '*', second, ...more] = domains
  return second === undefined ? first : more.length === 0 ? `${first}, ${second}` : `${first}, ${second} + ${more.length} more...`
}

function matchText(route: Route): string {
  const parts = [
    pathText(route.match.path),
    ...route.match.headers.map((header) => `${header.invert === true ? '!' : ''}${header.name}`),
    ...route.match.query.map((query) => `?${query.name}`),
  ]
  return parts.join(' ')
}

function pathText(path: PathMatch): string {
  if (path.kind === 'exact') return path.value
  return path.kind === 'prefix' ? `${path.value}*` : `regex ${path.value}`
}

/** The chains of a listener share their table. */
function unique(tables: readonly RouteTable[]): readonly RouteTable[] {
  return [...new Map(tables.map((table) => [table.name, table])).values()]
}
