import type { Origin } from '../config/origin.ts'
import type { AuthzFilter } from './authz.ts'
import type { RouteTable } from './route.ts'

/** Envoy `Listener`. */
export interface Listener {
  readonly name: string
  /** IP literal. */
  readonly address: string
  readonly port: number
  readonly direction: 'inbound' | 'outbound' | 'gateway'
  /** The first chain whose match holds takes the connection; none: it is closed with flag NR. */
  readonly chains: readonly FilterChain[]
  /** Look at the first bytes for a ClientHello before choosing (needed as soon as a chain matches on `transport`). */
  readonly inspectTls: boolean
  /**
   * A header of the PROXY protocol must come before all else, TLS too, and tells whose connection it is (Envoy's listener filter
   * `proxy_protocol`, Istio `gatewayTopology.proxyProtocol`). Only for listeners that nobody but such a sender can reach.
   */
  readonly proxyProtocol?: true
  readonly origins: readonly Origin[]
}

export interface FilterChain {
  readonly name: string
  readonly match: ChainMatch
  /** Absent: plain text. */
  readonly tls?: DownstreamTls
  readonly filter: HttpFilterChain | TcpFilterChain
  readonly origin?: Origin
}

/** Absent parts match anything. */
export interface ChainMatch {
  readonly transport?: 'tls' | 'raw'
  /** Any of them offered by the client. */
  readonly alpn?: readonly string[]
  /** Exact or `*.suffix`. */
  readonly sni?: readonly string[]
}

export interface DownstreamTls {
  /**
   * `mesh`: the workload's SVID, client certificate required and verified against the trust bundle;
   * `file`: a server certificate from files.
   */
  readonly mode: 'mesh' | 'file'
  readonly alpn: readonly string[]
  readonly requireClientCert: boolean
  /** Trust domains whose SPIFFE ids are accepted from the peer; empty: any that the bundle vouches for. */
  readonly trustDomains: readonly string[]
  readonly certFile?: string
  readonly keyFile?: string
  readonly caFile?: string
}

export interface HttpFilterChain {
  readonly kind: 'http'
  /** Envoy `stat_prefix`. */
  readonly statPrefix: string
  /** By name (RDS), or inline (inbound listeners). */
  readonly routes: { readonly kind: 'rds'; readonly name: string } | { readonly kind: 'inline'; readonly table: RouteTable }
  /** In order: DENY before ALLOW. */
  readonly authz: readonly AuthzFilter[]
  /** Accepts absolute-form targets of a forward proxy (MeshConfig `proxyHttpPort`). */
  readonly forwardProxy: boolean
  /** Whether forwarded headers of the caller are trusted: `sidecar` keeps them, `edge` replaces them. */
  readonly edge: boolean
  /** Absent: Istio's BASE. */
  readonly pathNormalization?: PathNormalization
  /** Absent: nobody's word on where a request comes from is taken. */
  readonly forwarded?: ForwardedFor
  readonly tracing?: Tracing
  readonly accessLog: boolean
}

/**
 * What is done to a path before anything judges it, where that is not Istio's BASE: `\` to `/`, unreserved characters decoded, dot
 * segments resolved. `none`: nothing. `merge-slashes`: BASE, and `//` is `/`. `decode-and-merge-slashes`: `%2F` and `%5C` are slashes, too.
 */
export type PathNormalization = 'none' | 'merge-slashes' | 'decode-and-merge-slashes'

/** Whose `x-forwarded-for` tells where a request comes from, and which of its entries. */
export interface ForwardedFor {
  /** SPIFFE ids of the proxies that are believed: the gateways of the mesh. An edge believes what it writes itself. */
  readonly from: readonly string[]
  /** Trusted proxies in front of the gateway (Envoy `xff_num_trusted_hops`, Istio `gatewayTopology.numTrustedProxies`). */
  readonly hops: number
}

export interface Tracing {
  /** Parts per million of requests without a caller's decision. */
  readonly samplePartsPerMillion: number
  /** Name of the cluster that takes Zipkin v2 spans (Envoy `collector_cluster`); absent: headers only. */
  readonly zipkin?: string
}

export interface TcpFilterChain {
  readonly kind: 'tcp'
  readonly statPrefix: string
  readonly clusters: readonly { readonly cluster: string; readonly weight: number }[]
  readonly authz: readonly AuthzFilter[]
  /** 0 means none. */
  readonly idleTimeoutMs: number
  /** A connection ends after so long, busy or not (Envoy `max_downstream_connection_duration`). */
  readonly maxConnectionDurationMs?: number
  readonly accessLog: boolean
}
