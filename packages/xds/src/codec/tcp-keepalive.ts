import type { Cluster } from '@mesh/core/view'
import type { Cluster as ClusterMessage, ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import type { Init } from './init.ts'

/** Envoy `upstream_connection_options.tcp_keepalive`. */
export function encodeTcpKeepalive({ tcpKeepalive }: Cluster): Pick<Init<typeof ClusterSchema>, 'upstreamConnectionOptions'> {
  if (tcpKeepalive === undefined) return {}
  const { probes, timeSeconds, intervalSeconds } = tcpKeepalive
  return {
    upstreamConnectionOptions: {
      tcpKeepalive: {
        ...(probes === undefined ? {} : { keepaliveProbes: probes }),
        ...(timeSeconds === undefined ? {} : { keepaliveTime: timeSeconds }),
        ...(intervalSeconds === undefined ? {} : { keepaliveInterval: intervalSeconds }),
      },
    },
  }
}

export function decodeTcpKeepalive({ upstreamConnectionOptions }: ClusterMessage): Pick<Cluster, 'tcpKeepalive'> {
  const found = upstreamConnectionOptions?.tcpKeepalive
  if (found === undefined) return {}
  const { keepaliveProbes, keepaliveTime, keepaliveInterval } = found
  return {
    tcpKeepalive: {
      ...(keepaliveProbes === undefined ? {} : { probes: keepaliveProbes }),
      ...(keepaliveTime === undefined ? {} : { timeSeconds: keepaliveTime }),
      ...(keepaliveInterval === undefined ? {} : { intervalSeconds: keepaliveInterval }),
    },
  }
}
