import type { ChainMatch, FilterChain } from '@mesh/core/view'

/** What is known of a connection when its filter chain is chosen. */
export interface ConnFacts {
  readonly transport: 'tls' | 'raw'
  /** As offered in the ClientHello. */
  readonly alpn: readonly string[]
  readonly sni: string | undefined
}

export const RAW: ConnFacts = { transport: 'raw', alpn: [], sni: undefined }

/** The first chain whose match holds. */
export function matchChain<C extends { readonly chain: Pick<FilterChain, 'match'> }>(
  chains: readonly C[],
  facts: ConnFacts,
): C | undefined {
  return chains.find(({ chain }) => chainMatches(chain.match, facts))
}

/** Whether the chain can be known without reading: no chain asks for transport, protocol or server name. */
export function needsNoSniff(chains: readonly FilterChain[]): boolean {
  return chains.every(({ match }) => match.transport !== 'tls' && match.alpn === undefined && match.sni === undefined)
}

function chainMatches(match: ChainMatch, facts: ConnFacts): boolean {
  if (match.transport !== undefined && match.transport !== facts.transport) return false
  if (match.alpn !== undefined && !match.alpn.some((name) => facts.alpn.includes(name))) return false
  return match.sni === undefined || match.sni.some((pattern) => sniMatches(pattern, facts.sni))
}

function sniMatches(pattern: string, sni: string | undefined): boolean {
  if (pattern === '*') return true
  if (sni === undefined) return false
  const name = sni.toLowerCase()
  if (!pattern.startsWith('*.')) return name === pattern.toLowerCase()
  const suffix = pattern.slice(1).toLowerCase()
  return name.length > suffix.length && name.endsWith(suffix)
}
