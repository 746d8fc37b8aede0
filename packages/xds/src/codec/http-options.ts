import type { Cluster } from '@mesh/core/view'
import type { Cluster as ClusterMessage, ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import {
  type Http2ProtocolOptions,
  type Http2ProtocolOptionsSchema,
  type HttpProtocolOptionsSchema as CommonOptionsSchema,
  type HttpProtocolOptions as CommonOptions,
} from '@mesh/rpc/gen/envoy/config/core/v3/protocol_pb'
import {
  HttpProtocolOptionsSchema,
  type HttpProtocolOptions,
  type HttpProtocolOptions_ExplicitHttpConfig,
} from '@mesh/rpc/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb'
import { pack, unpack } from './any.ts'
import { decodeMs, encodeMs } from './duration.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

const EXTENSION = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'

type Options = Pick<Cluster, 'protocol' | 'maxRequestsPerConnection' | 'idleTimeoutMs' | 'maxConnectionDurationMs' | keyof Http2>

/** Envoy speaks HTTP/1.1 to a cluster without these options, as it shall where ours choose for themselves, and pays them no heed where TCP is proxied. */
export function encodeHttpOptions(cluster: Options): Pick<Init<typeof ClusterSchema>, 'typedExtensionProtocolOptions'> {
  const { protocol } = cluster
  const commonHttpProtocolOptions = encodeCommon(cluster)
  if (protocol !== 'h2' && protocol !== 'downstream' && Object.keys(commonHttpProtocolOptions).length === 0) return {}
  const options = pack(HttpProtocolOptionsSchema, {
    commonHttpProtocolOptions,
    upstreamProtocolOptions: encodeProtocol(protocol, encodeHttp2(cluster)),
  })
  return { typedExtensionProtocolOptions: { [EXTENSION]: options } }
}

/** `ours`: what our metadata says and Envoy has no field for. */
export function decodeHttpOptions(cluster: ClusterMessage, ours: Pick<Options, 'protocol'> | undefined): Options {
  for (const name of Object.keys(cluster.typedExtensionProtocolOptions))
    if (name !== EXTENSION) refuse(`protocol options ${name} are not supported`)
  const any = cluster.typedExtensionProtocolOptions[EXTENSION]
  if (any === undefined) return ours ?? { protocol: 'http/1.1' }
  const options = unpack(HttpProtocolOptionsSchema, any)
  const spoken = ours ?? { protocol: decodeProtocol(options) }
  return { ...decodeCommon(options.commonHttpProtocolOptions), ...decodeHttp2(options), ...spoken }
}

type Common = Omit<Options, 'protocol' | keyof Http2>

function encodeCommon({ maxRequestsPerConnection, idleTimeoutMs, maxConnectionDurationMs }: Common): Init<typeof CommonOptionsSchema> {
  return {
    ...(idleTimeoutMs === undefined ? {} : { idleTimeout: encodeMs(idleTimeoutMs) }),
    ...(maxConnectionDurationMs === undefined ? {} : { maxConnectionDuration: encodeMs(maxConnectionDurationMs) }),
    ...(maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection }),
  }
}

function decodeCommon(common: CommonOptions | undefined): Common {
  const { idleTimeout, maxConnectionDuration, maxRequestsPerConnection } = common ?? {}
  return {
    ...(maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection }),
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: decodeMs(idleTimeout) }),
    ...(maxConnectionDuration === undefined ? {} : { maxConnectionDurationMs: decodeMs(maxConnectionDuration) }),
  }
}

type Http2 = Pick<Cluster, 'maxConcurrentStreams' | 'http2KeepAlive'>

function encodeProtocol(
  protocol: Cluster['protocol'],
  http2ProtocolOptions: Init<typeof Http2ProtocolOptionsSchema>,
): NonNullable<Init<typeof HttpProtocolOptionsSchema>['upstreamProtocolOptions']> {
  if (protocol === 'downstream') return { case: 'useDownstreamProtocolConfig', value: { httpProtocolOptions: {}, http2ProtocolOptions } }
  const protocolConfig =
    protocol === 'h2'
      ? { case: 'http2ProtocolOptions' as const, value: http2ProtocolOptions }
      : { case: 'httpProtocolOptions' as const, value: {} }
  return { case: 'explicitHttpConfig', value: { protocolConfig } }
}

function decodeProtocol({ upstreamProtocolOptions }: HttpProtocolOptions): Cluster['protocol'] {
  if (upstreamProtocolOptions.case === 'useDownstreamProtocolConfig') return 'downstream'
  const config = upstreamProtocolOptions.value?.protocolConfig.case
  if (config === 'http2ProtocolOptions') return 'h2'
  if (config === 'httpProtocolOptions') return 'http/1.1'
  refuse('protocol options without an explicit HTTP version are not supported')
}

function encodeHttp2({ maxConcurrentStreams, http2KeepAlive }: Http2): Init<typeof Http2ProtocolOptionsSchema> {
  return {
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(http2KeepAlive === undefined
      ? {}
      : { connectionKeepalive: { interval: encodeMs(http2KeepAlive.intervalMs), timeout: encodeMs(http2KeepAlive.timeoutMs) } }),
  }
}

/** Without an interval no PINGs are sent; the timeout is required. */
function decodeHttp2({ upstreamProtocolOptions: { case: kind, value } }: HttpProtocolOptions): Http2 {
  const options = kind === 'useDownstreamProtocolConfig' ? value.http2ProtocolOptions : http2Of(value)
  const { maxConcurrentStreams, connectionKeepalive } = options ?? {}
  const { interval, timeout } = connectionKeepalive ?? {}
  return {
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(interval === undefined || timeout === undefined
      ? {}
      : { http2KeepAlive: { intervalMs: decodeMs(interval), timeoutMs: decodeMs(timeout) } }),
  }
}

function http2Of(explicit: HttpProtocolOptions_ExplicitHttpConfig | undefined): Http2ProtocolOptions | undefined {
  return explicit?.protocolConfig.case === 'http2ProtocolOptions' ? explicit.protocolConfig.value : undefined
}
