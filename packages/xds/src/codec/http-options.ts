import type { Cluster } from '@mesh/core/view'
import type { Cluster as ClusterMessage, ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import {
  HttpProtocolOptionsSchema,
  type HttpProtocolOptions,
} from '@mesh/rpc/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb'
import { pack, unpack } from './any.ts'
import { decodeMs, encodeMs } from './duration.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

const EXTENSION = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'

type Options = Pick<Cluster, 'protocol' | 'maxRequestsPerConnection' | 'idleTimeoutMs'>

/** Envoy speaks HTTP/1.1 to a cluster without these options, and pays them no heed where TCP is proxied. */
export function encodeHttpOptions(cluster: Options): Pick<Init<typeof ClusterSchema>, 'typedExtensionProtocolOptions'> {
  const { protocol, maxRequestsPerConnection, idleTimeoutMs } = cluster
  if (protocol !== 'h2' && maxRequestsPerConnection === undefined && idleTimeoutMs === undefined) return {}
  const options = pack(HttpProtocolOptionsSchema, {
    commonHttpProtocolOptions: {
      ...(idleTimeoutMs === undefined ? {} : { idleTimeout: encodeMs(idleTimeoutMs) }),
      ...(maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection }),
    },
    upstreamProtocolOptions: {
      case: 'explicitHttpConfig',
      value: {
        protocolConfig: protocol === 'h2' ? { case: 'http2ProtocolOptions', value: {} } : { case: 'httpProtocolOptions', value: {} },
      },
    },
  })
  return { typedExtensionProtocolOptions: { [EXTENSION]: options } }
}

/** `tcp`: our metadata says that no HTTP is spoken to this cluster. */
export function decodeHttpOptions(cluster: ClusterMessage, tcp: boolean): Options {
  for (const name of Object.keys(cluster.typedExtensionProtocolOptions))
    if (name !== EXTENSION) refuse(`protocol options ${name} are not supported`)
  const any = cluster.typedExtensionProtocolOptions[EXTENSION]
  if (any === undefined) return { protocol: tcp ? 'tcp' : 'http/1.1' }
  const options = unpack(HttpProtocolOptionsSchema, any)
  const common = options.commonHttpProtocolOptions
  return {
    protocol: tcp ? 'tcp' : decodeProtocol(options),
    ...(common?.maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection: common.maxRequestsPerConnection }),
    ...(common?.idleTimeout === undefined ? {} : { idleTimeoutMs: decodeMs(common.idleTimeout) }),
  }
}

function decodeProtocol({ upstreamProtocolOptions }: HttpProtocolOptions): Cluster['protocol'] {
  const config = upstreamProtocolOptions.value?.protocolConfig.case
  if (config === 'http2ProtocolOptions') return 'h2'
  if (config === 'httpProtocolOptions') return 'http/1.1'
  refuse('protocol options without an explicit HTTP version are not supported')
}
