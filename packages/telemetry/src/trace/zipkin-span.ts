import type { CallRecord, PeerLabels, TraceIds } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'

/** A span of Zipkin's JSON API, version 2. */
export interface ZipkinSpan {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
  readonly kind: 'CLIENT' | 'SERVER'
  readonly name: string
  /** Unix microseconds. */
  readonly timestamp: number
  /** Microseconds, at least 1. */
  readonly duration: number
  readonly localEndpoint: ZipkinEndpoint
  readonly remoteEndpoint?: ZipkinEndpoint
  readonly tags: Readonly<Record<string, string>>
}

export interface ZipkinEndpoint {
  readonly serviceName?: string
  readonly ipv4?: string
  readonly ipv6?: string
  readonly port?: number
}

/** The span of a call, named and tagged as Istio's proxies do. */
export function zipkinSpan(record: CallRecord, trace: TraceIds): ZipkinSpan {
  const remote = endpointOf(record.peer, record.reporter === 'source' ? record.upstreamRemote : record.downstreamRemote)
  return {
    traceId: trace.traceId,
    id: trace.spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentId: trace.parentSpanId }),
    kind: record.reporter === 'source' ? 'CLIENT' : 'SERVER',
    name: spanName(record),
    timestamp: Math.round(record.startMs * 1000),
    duration: Math.max(1, Math.round(record.durationMs * 1000)),
    localEndpoint: endpointOf(record.self, record.reporter === 'source' ? record.upstreamLocal : record.downstreamLocal),
    ...(Object.keys(remote).length === 0 ? {} : { remoteEndpoint: remote }),
    tags: tagsOf(record),
  }
}

/** Istio names an operation after the destination: `reviews.default.svc.cluster.local:9080/*`. */
function spanName({ service, cluster, authority }: CallRecord): string {
  const port = cluster === undefined ? undefined : /^(?:in|out)bound\|(\d+)\|/.exec(cluster)?.[1]
  return service === undefined || port === undefined ? authority : `${service.host}:${port}/*`
}

function endpointOf(labels: PeerLabels | undefined, address: string | undefined): ZipkinEndpoint {
  const place = /^\[?([^\]]*?)\]?:(\d+)$/.exec(address ?? '')
  return {
    ...(labels === undefined ? {} : { serviceName: `${labels.app}.${labels.namespace}` }),
    ...(place?.[1] === undefined ? {} : { [place[1].includes(':') ? 'ipv6' : 'ipv4']: place[1], port: Number(place[2]) }),
  }
}

function tagsOf(record: CallRecord): Record<string, string> {
  const tags: Record<string, string> = { component: 'proxy' }
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') tags[name] = value.slice(0, LIMITS.spanTagLength)
  }
  put('http.method', record.method)
  put('http.url', `http://${record.authority}${record.path.slice(0, LIMITS.spanPathLength)}`)
  put('http.protocol', record.version)
  put('http.status_code', String(record.status))
  put('user_agent', record.userAgent)
  put('guid:x-request-id', record.requestId)
  put('upstream_cluster', record.cluster)
  put('upstream_cluster.name', record.cluster)
  put('request_size', String(record.bytesReceived))
  put('response_size', String(record.bytesSent))
  put('response_flags', record.flags.length === 0 ? '-' : record.flags.join(','))
  put('peer.address', record.downstreamRemote.replace(/:\d+$/, ''))
  put('istio.canonical_service', record.self.app)
  put('istio.canonical_revision', record.self.version)
  put('istio.namespace', record.self.namespace)
  put('istio.cluster_id', record.self.cluster)
  if (record.status === 0 || record.status >= 500) put('error', 'true')
  return tags
}
