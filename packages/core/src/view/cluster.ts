import type { Origin } from '../config/origin.ts'
import type { StringMatch } from './match.ts'
import type { WorkloadRef } from './workload.ts'

/** Envoy `Cluster`. Istio's names: `outbound|9080|v1|reviews.default.svc.cluster.local`, `inbound|9080||`. */
export interface Cluster {
  readonly name: string
  readonly discovery: Discovery
  readonly balance: 'round-robin' | 'random' | 'least-request'
  readonly connectTimeoutMs: number
  /** Absent: plain text. */
  readonly tls?: UpstreamTls
  /** Which service this is, for telemetry labels: of an inbound cluster the one that its port belongs to; absent for passthrough. */
  readonly service?: ServiceRef
  readonly subset?: string
  /**
   * HTTP/1.1 unless the port says otherwise; `downstream`: the version of HTTP in which the call came
   * (Envoy `use_downstream_protocol_config`, Istio `useClientProtocol`); `auto`: HTTP/2 with a proxy of this mesh, which agrees to it
   * by an ALPN name of its own, HTTP/1.1 with everybody else.
   */
  readonly protocol: 'http/1.1' | 'h2' | 'auto' | 'downstream' | 'tcp'
  readonly maxConnections?: number
  readonly maxPendingRequests?: number
  readonly maxRequests?: number
  readonly maxRetries?: number
  /** Bounds retries under way by the calls under way, in place of `maxRetries`. */
  readonly retryBudget?: RetryBudget
  /** Absent: endpoints take calls whatever they answer. */
  readonly outlierDetection?: OutlierDetection
  readonly maxRequestsPerConnection?: number
  readonly idleTimeoutMs?: number
  /**
   * A connection of HTTP that is open so long takes no more calls and closes behind the last one (Envoy
   * `max_connection_duration`, Istio `tcp.maxConnectionDuration`). Opaque connections end by their `TcpFilterChain`,
   * and those of a CONNECT by this.
   */
  readonly maxConnectionDurationMs?: number
  /** Calls at once on one connection of HTTP/2; fewer where its server says so (Envoy `http2_protocol_options.max_concurrent_streams`). */
  readonly maxConcurrentStreams?: number
  readonly http2KeepAlive?: Http2KeepAlive
  readonly tcpKeepalive?: TcpKeepalive
  /** The rule that shaped it (DestinationRule, else Service or ServiceEntry). */
  readonly origin?: Origin
}

/** So many retries at once as the larger of both allows (Envoy `CircuitBreakers.Thresholds.RetryBudget`). */
export interface RetryBudget {
  /** Of the calls under way, those that wait included; 0 to 100. */
  readonly percent: number
  readonly minConcurrency: number
}

/**
 * Endpoints that fail again and again take no calls for a while (Envoy `OutlierDetection`; only failures in a row are counted).
 * So many in a row are one too many; 0: they are not looked at.
 */
export interface OutlierDetection {
  /** Replies with 5xx; failed connections, resets and timeouts count as 503 and 504 where they have no count of their own. */
  readonly consecutive5xx: number
  /** Of these 502, 503 and 504. */
  readonly consecutiveGatewayFailures: number
  /** Failed connections, resets and timeouts have this count of their own (`split_external_local_origin_errors`). */
  readonly consecutiveLocalFailures?: number
  /** Between two looks at who may come back. */
  readonly intervalMs: number
  /** Times the ejections that the endpoint had lately... */
  readonly baseEjectionMs: number
  /** ...up to this. */
  readonly maxEjectionMs: number
  /** Of the endpoints at once; 0 to 100. */
  readonly maxEjectionPercent: number
  /** Whatever the percentage, one may be ejected. */
  readonly alwaysEjectOne: boolean
  /** While fewer of the endpoints than this would be left, all take calls (Envoy `healthy_panic_threshold`); 0 to 100. */
  readonly minHealthPercent: number
}

/** PINGs on connections of HTTP/2 (Envoy `connection_keepalive`): one each interval, and an end when nothing comes within the timeout behind it. */
export interface Http2KeepAlive {
  readonly intervalMs: number
  readonly timeoutMs: number
}

/** Probes of the kernel on quiet connections (Envoy `tcp_keepalive`, whose times are whole seconds); what is absent is as the system has it. */
export interface TcpKeepalive {
  readonly probes?: number
  /** Of silence, before the first probe. */
  readonly timeSeconds?: number
  readonly intervalSeconds?: number
}

export interface ServiceRef {
  /** Fully qualified host. */
  readonly host: string
  readonly name: string
  readonly namespace: string
}

/**
 * Where endpoints come from: `eds` from the endpoints lane under the cluster's name, `static` and `dns` inline,
 * `original-dst` the address that the caller asked for, `blackhole` nowhere.
 */
export type Discovery =
  | { readonly kind: 'eds' }
  | { readonly kind: 'static'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'dns'; readonly endpoints: readonly Endpoint[]; readonly refreshMs: number }
  | { readonly kind: 'original-dst' }
  | { readonly kind: 'blackhole' }

/** TLS towards the upstream. */
export interface UpstreamTls {
  /**
   * `mutual`: with the mesh identity, always (ISTIO_MUTUAL set by a rule);
   * `auto`: with the mesh identity to endpoints whose `tls` is `istio`, plain to the others;
   * `simple`: server verification against `caFile`, else the system's roots.
   */
  readonly mode: 'mutual' | 'auto' | 'simple'
  readonly sni: string
  readonly alpn: readonly string[]
  /** Acceptable URI or DNS subject alternative names. Empty: for `simple` the SNI is checked; for mesh modes nobody is accepted. */
  readonly sans: readonly StringMatch[]
  readonly caFile?: string
  readonly insecureSkipVerify?: boolean
}

/** Envoy `ClusterLoadAssignment`, keyed by cluster name. */
export interface ClusterEndpoints {
  readonly cluster: string
  readonly endpoints: readonly Endpoint[]
}

export interface Endpoint {
  /** IP literal, or a DNS name in a `dns` cluster. */
  readonly address: string
  readonly port: number
  readonly weight: number
  readonly healthy: boolean
  /** `istio`: speaks mesh mTLS (label `security.istio.io/tlsMode`). */
  readonly tls?: 'istio'
  readonly workload?: WorkloadRef
}
