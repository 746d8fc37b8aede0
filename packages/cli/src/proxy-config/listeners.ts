import type { ChainMatch, FilterChain, Listener, View } from '@mesh/core/view'
import type { Filters } from './filters.ts'
import type { Listing } from './listing.ts'

/** `pc listener`, in istioctl's columns: one row for each chain. */
export function listListeners(view: View, filters: Filters): Listing<Listener> {
  const items = view.listeners.filter((listener) => passes(listener, filters))
  const rows = items.flatMap((listener) =>
    listener.chains.map((chain) => [listener.address, String(listener.port), matchText(chain.match), targetText(chain)]),
  )
  return { heads: ['ADDRESS', 'PORT', 'MATCH', 'DESTINATION'], rows, items }
}

function passes(listener: Listener, filters: Filters): boolean {
  if (filters.port !== undefined && listener.port !== filters.port) return false
  if (filters.name !== undefined && listener.name !== filters.name) return false
  return filters.direction === undefined || listener.direction === filters.direction
}

function matchText(match: ChainMatch): string {
  const parts = [
    match.transport === undefined ? undefined : `Trans: ${match.transport === 'raw' ? 'raw_buffer' : 'tls'}`,
    match.alpn === undefined ? undefined : `App: ${match.alpn.join(',')}`,
    match.sni === undefined ? undefined : `SNI: ${match.sni.join(',')}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? 'ALL' : parts.join('; ')
}

function targetText(chain: FilterChain): string {
  const { filter } = chain
  const tls = chain.tls === undefined ? '' : chain.tls.mode === 'mesh' ? ' (mTLS)' : ' (TLS)'
  if (filter.kind === 'tcp')
    return `Cluster: ${filter.clusters.map((share) => (filter.clusters.length > 1 ? `${share.cluster} ${share.weight}` : share.cluster)).join(', ')}${tls}`
  const { routes } = filter
  return `${routes.kind === 'rds' ? `Route: ${routes.name}` : `Inline Route: ${routes.table.name}`}${tls}`
}
