import type { JsonValue } from '@mesh/rpc/protobuf'
import type { TcpFilterChain } from '@mesh/core/view'
import type { Filter, FilterSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_components_pb'
import { RBACSchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/rbac/v3/rbac_pb'
import { TcpProxySchema, type TcpProxy } from '@mesh/rpc/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb'
import { decodeAccessLog, encodeAccessLog } from './access-log.ts'
import { pack, unpack } from './any.ts'
import { decodeAuthz, encodeAuthz } from './authz.ts'
import { decodeMs, encodeMs } from './duration.ts'
import type { Init } from './init.ts'
import { asList } from './metadata.ts'
import { refuse } from './refusal.ts'

export const TCP_PROXY = 'envoy.filters.network.tcp_proxy'
export const NETWORK_RBAC = 'envoy.filters.network.rbac'
/** Envoy's default of `TcpProxy.idle_timeout`. */
const DEFAULT_IDLE_MS = 3_600_000

export function encodeTcpChain(chain: TcpFilterChain): Init<typeof FilterSchema>[] {
  const { maxConnectionDurationMs: durationMs } = chain
  const proxy = pack(TcpProxySchema, {
    statPrefix: chain.statPrefix,
    clusterSpecifier: encodeClusters(chain.clusters),
    idleTimeout: encodeMs(chain.idleTimeoutMs),
    ...(durationMs === undefined ? {} : { maxDownstreamConnectionDuration: encodeMs(durationMs) }),
    accessLog: encodeAccessLog(chain.accessLog),
  })
  const authz = chain.authz.map((filter) => pack(RBACSchema, { rules: encodeAuthz(filter), statPrefix: 'tcp.' }))
  return [...authz.map((value) => networkFilter(NETWORK_RBAC, value)), networkFilter(TCP_PROXY, proxy)]
}

/** `origins` is what `authzOrigins` wrote into the chain's metadata. */
export function decodeTcpChain(filters: readonly Filter[], origins: JsonValue | undefined): TcpFilterChain {
  const proxy = unpack(TcpProxySchema, filters.at(-1)?.configType.value)
  const { maxDownstreamConnectionDuration: duration } = proxy
  const authz = filters.slice(0, -1).map((filter, index) => {
    if (filter.name !== NETWORK_RBAC) refuse(`network filter ${filter.name} is not supported`)
    return decodeAuthz(unpack(RBACSchema, filter.configType.value).rules, asList(origins)[index])
  })
  return {
    kind: 'tcp',
    statPrefix: proxy.statPrefix,
    clusters: decodeClusters(proxy),
    authz,
    idleTimeoutMs: proxy.idleTimeout === undefined ? DEFAULT_IDLE_MS : decodeMs(proxy.idleTimeout),
    ...(duration === undefined ? {} : { maxConnectionDurationMs: decodeMs(duration) }),
    accessLog: decodeAccessLog(proxy.accessLog),
  }
}

function networkFilter(name: string, value: ReturnType<typeof pack>): Init<typeof FilterSchema> {
  return { name, configType: { case: 'typedConfig', value } }
}

/** A plain `cluster` has no weight: it stands for one cluster of weight 1. */
function encodeClusters(clusters: TcpFilterChain['clusters']): NonNullable<Init<typeof TcpProxySchema>['clusterSpecifier']> {
  const [only] = clusters
  if (clusters.length === 1 && only?.weight === 1) return { case: 'cluster', value: only.cluster }
  return { case: 'weightedClusters', value: { clusters: clusters.map(({ cluster, weight }) => ({ name: cluster, weight })) } }
}

function decodeClusters({ clusterSpecifier }: TcpProxy): TcpFilterChain['clusters'] {
  if (clusterSpecifier.case === 'cluster') return [{ cluster: clusterSpecifier.value, weight: 1 }]
  if (clusterSpecifier.case === 'weightedClusters')
    return clusterSpecifier.value.clusters.map(({ name, weight }) => ({ cluster: name, weight }))
  refuse('a TCP proxy without a cluster')
}
