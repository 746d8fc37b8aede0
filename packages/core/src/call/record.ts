import type { Origin } from '../config/origin.ts'
import type { ResponseFlag } from '../error/response-flag.ts'
import type { ServiceRef } from '../view/cluster.ts'
import type { WorkloadRef } from '../view/workload.ts'

/**
 * All that is known of one finished request, written once and told as metrics, span and access log.
 * Times are milliseconds; `startMs` is Unix time. Unknown is undefined here and becomes `unknown` or `-` where it is told.
 */
export interface CallRecord {
  readonly reporter: 'source' | 'destination'
  readonly protocol: 'http' | 'tcp'
  readonly startMs: number
  readonly durationMs: number
  readonly method: string
  /** As it was received (before rewrite). */
  readonly path: string
  readonly authority: string
  /** `HTTP/1.1`. */
  readonly version: string
  /** 0 when the caller left before a reply. */
  readonly status: number
  /** Of a gRPC call: the `grpc-status` of its trailers or head, empty where there was none. Undefined: the call is no gRPC. */
  readonly grpcStatus?: string | undefined
  readonly flags: readonly ResponseFlag[]
  /** Envoy RESPONSE_CODE_DETAILS: `via_upstream`, `route_not_found`, ... */
  readonly details: string
  /** Envoy UPSTREAM_TRANSPORT_FAILURE_REASON. */
  readonly transportFailure: string | undefined
  readonly bytesReceived: number
  readonly bytesSent: number
  readonly requestHeadBytes: number
  readonly replyHeadBytes: number
  readonly attempts: number
  /** Until the upstream's reply head came. */
  readonly upstreamMs: number | undefined
  readonly forwardedFor: string | undefined
  readonly userAgent: string | undefined
  readonly requestId: string | undefined
  readonly routeName: string
  readonly cluster: string | undefined
  readonly service: ServiceRef | undefined
  /** `ip:port`. */
  readonly upstreamRemote: string | undefined
  readonly upstreamLocal: string | undefined
  readonly downstreamLocal: string
  readonly downstreamRemote: string
  readonly sni: string | undefined
  readonly mutualTls: boolean
  readonly self: PeerLabels
  readonly peer: PeerLabels | undefined
  readonly trace: TraceIds | undefined
  /** Content hash of the snapshot that decided. */
  readonly snapshot: string
  /** The route that was taken. */
  readonly routeOrigin: Origin | undefined
  /** The object and field that decided a reply made here, or an injected delay. */
  readonly cause: Origin | undefined
  /** What was said of the try that failed last, one sentence. */
  readonly failure: string | undefined
  /** The reply was made by this proxy, not by an upstream. */
  readonly madeHere: boolean
}

/** Who one end of a call is. */
export interface PeerLabels extends WorkloadRef {
  readonly principal: string | undefined
}

/** Lower-case hex: 32 digits, 16, 16. */
export interface TraceIds {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly sampled: boolean
}
