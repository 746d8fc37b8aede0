import type { JsonObject } from '@mesh/rpc/protobuf'
import type { ChainMatch, FilterChain } from '@mesh/core/view'
import type {
  FilterChain as FilterChainMessage,
  FilterChainMatch,
  FilterChainMatchSchema,
  FilterChainSchema,
} from '@mesh/rpc/gen/envoy/config/listener/v3/listener_components_pb'
import { authzOrigins } from './authz.ts'
import { decodeDownstreamTls, encodeDownstreamTls, TLS_SOCKET } from './downstream-tls.ts'
import { decodeHttpChain, encodeHttpChain, HTTP_MANAGER, type HttpChainFacts } from './http-filter-chain.ts'
import type { Init } from './init.ts'
import { encodeFacts, meshFacts, originPart } from './metadata.ts'
import { refuse } from './refusal.ts'
import { trustedProxies } from './request-view.ts'
import { decodeTcpChain, encodeTcpChain, TCP_PROXY } from './tcp-filter-chain.ts'

export function encodeChain(chain: FilterChain): Init<typeof FilterChainSchema> {
  const metadata = encodeFacts({ origin: chain.origin, mesh: factsOf(chain) })
  const match = encodeMatch(chain.match)
  return {
    name: chain.name,
    ...(match === undefined ? {} : { filterChainMatch: match }),
    ...(chain.tls === undefined ? {} : { transportSocket: encodeDownstreamTls(chain.tls) }),
    filters: chain.filter.kind === 'http' ? encodeHttpChain(chain.filter) : encodeTcpChain(chain.filter),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

function factsOf({ filter }: FilterChain): JsonObject {
  const authz = authzOrigins(filter.authz)
  const proxies = filter.kind === 'http' ? trustedProxies(filter) : undefined
  return { ...(authz === undefined ? {} : { authz }), ...(proxies === undefined ? {} : { proxies }) }
}

export function decodeChain(chain: FilterChainMessage): FilterChain {
  return {
    name: chain.name,
    match: decodeMatch(chain.filterChainMatch),
    ...decodeTls(chain),
    filter: decodeFilter(chain),
    ...originPart(chain.metadata),
  }
}

function decodeFilter(chain: FilterChainMessage): FilterChain['filter'] {
  const last = chain.filters.at(-1)
  const facts: HttpChainFacts = meshFacts(chain.metadata)
  if (last?.name === TCP_PROXY) return decodeTcpChain(chain.filters, facts.authz)
  if (last?.name !== HTTP_MANAGER) refuse(`network filter ${last?.name ?? '(none)'} is not supported as the last of a chain`)
  const [first] = chain.filters
  if (first !== last) refuse(`network filter ${first?.name} before an HTTP connection manager is not supported`)
  return decodeHttpChain(last, facts)
}

function decodeTls({ transportSocket }: FilterChainMessage): Pick<FilterChain, 'tls'> {
  if (transportSocket === undefined) return {}
  if (transportSocket.name !== TLS_SOCKET) refuse(`transport socket ${transportSocket.name} is not supported`)
  return { tls: decodeDownstreamTls(transportSocket) }
}

function encodeMatch({ transport, alpn, sni }: ChainMatch): Init<typeof FilterChainMatchSchema> | undefined {
  if (transport === undefined && alpn === undefined && sni === undefined) return undefined
  return {
    transportProtocol: transport === undefined ? '' : transport === 'tls' ? 'tls' : 'raw_buffer',
    applicationProtocols: [...(alpn ?? [])],
    serverNames: [...(sni ?? [])],
  }
}

function decodeMatch(match: FilterChainMatch | undefined): ChainMatch {
  if (match === undefined) return {}
  const { transportProtocol, applicationProtocols, serverNames } = match
  if (!['', 'tls', 'raw_buffer'].includes(transportProtocol)) refuse(`transport protocol ${transportProtocol} is not supported`)
  return {
    ...(transportProtocol === '' ? {} : { transport: transportProtocol === 'tls' ? 'tls' : 'raw' }),
    ...(applicationProtocols.length === 0 ? {} : { alpn: applicationProtocols }),
    ...(serverNames.length === 0 ? {} : { sni: serverNames }),
  }
}
