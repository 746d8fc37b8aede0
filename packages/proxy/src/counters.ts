/** What the data plane counts about itself, beside the records of its calls; plain numbers, read when somebody asks. */
export type Counters = Record<CounterName, number>

export type CounterName = keyof typeof STAT_NAMES

/** A fresh set, all zero. */
export function createCounters(): Counters {
  const counters = {} as Counters
  for (const name of Object.keys(STAT_NAMES) as CounterName[]) counters[name] = 0
  return counters
}

/** `[envoy stat name, value, gauge or counter]`, in the order of the table below. */
export function listStats(counters: Counters): readonly (readonly [name: string, value: number, kind: 'counter' | 'gauge'])[] {
  return (Object.keys(STAT_NAMES) as CounterName[]).map((key) => [STAT_NAMES[key], counters[key], GAUGES.has(key) ? 'gauge' : 'counter'])
}

/** Our names and Envoy's; what Envoy has no name for begins with `mesh.`. */
const STAT_NAMES = {
  downstreamConnections: 'downstream_cx_total',
  downstreamActive: 'downstream_cx_active',
  downstreamRefused: 'downstream_cx_overflow',
  downstreamRequests: 'downstream_rq_total',
  downstreamRequestsActive: 'downstream_rq_active',
  downstreamProtocolErrors: 'downstream_cx_protocol_error',
  downstreamIdleTimeouts: 'downstream_cx_idle_timeout',
  downstreamHeadTimeouts: 'downstream_rq_header_timeout',
  downstreamCallIdle: 'downstream_rq_idle_timeout',
  downstreamDrainTimeouts: 'mesh.downstream_cx_drain_timeout',
  downstreamPipelineOverflow: 'mesh.downstream_pipeline_overflow',
  downstreamUnderscoresRejected: 'http1.requests_rejected_with_underscores_in_headers',
  downstreamUnderscoresDropped: 'http1.dropped_headers_with_underscores',
  downstreamTunnels: 'downstream_cx_upgrades_total',
  noFilterChain: 'no_filter_chain_match',
  sniffTimeouts: 'downstream_pre_cx_timeout',
  sniffFailures: 'mesh.downstream_sniff_failed',
  proxyHeaderErrors: 'downstream_cx_proxy_proto_error',
  tlsErrors: 'ssl.connection_error',
  tlsHandshakes: 'ssl.handshake',
  peersRefused: 'ssl.fail_verify_san',
  revokedConnections: 'mesh.downstream_cx_revoked',
  upstreamConnections: 'cluster.upstream_cx_total',
  upstreamActive: 'cluster.upstream_cx_active',
  upstreamConnectFailures: 'cluster.upstream_cx_connect_fail',
  upstreamConnectTimeouts: 'cluster.upstream_cx_connect_timeout',
  upstreamSpokeUnasked: 'mesh.upstream_cx_spoke_unasked',
  upstreamProtocolErrors: 'cluster.upstream_cx_protocol_error',
  upstreamRequests: 'cluster.upstream_rq_total',
  upstreamRequestsActive: 'cluster.upstream_rq_active',
  upstreamPendingActive: 'cluster.upstream_rq_pending_active',
  upstreamOverflow: 'cluster.upstream_rq_pending_overflow',
  upstreamRetries: 'cluster.upstream_rq_retry',
  upstreamRetryOverflow: 'cluster.upstream_rq_retry_overflow',
  upstreamStale: 'mesh.upstream_rq_stale_connection_retry',
  upstreamMaxRequests: 'cluster.upstream_cx_max_requests',
  upstreamMaxDuration: 'cluster.upstream_cx_max_duration_reached',
  upstreamKeepAliveTimeouts: 'cluster.http2.keepalive_timeout',
  upstreamIdleTimeouts: 'cluster.upstream_cx_idle_timeout',
  outlierEjectionsActive: 'cluster.outlier_detection.ejections_active',
  outlierEjections: 'cluster.outlier_detection.ejections_enforced_total',
  outlierEjectionsOverflow: 'cluster.outlier_detection.ejections_overflow',
  outlierDetected5xx: 'cluster.outlier_detection.ejections_detected_consecutive_5xx',
  outlierEjected5xx: 'cluster.outlier_detection.ejections_enforced_consecutive_5xx',
  outlierDetectedGateway: 'cluster.outlier_detection.ejections_detected_consecutive_gateway_failure',
  outlierEjectedGateway: 'cluster.outlier_detection.ejections_enforced_consecutive_gateway_failure',
  outlierDetectedLocal: 'cluster.outlier_detection.ejections_detected_consecutive_local_origin_failure',
  outlierEjectedLocal: 'cluster.outlier_detection.ejections_enforced_consecutive_local_origin_failure',
  replayOverflow: 'cluster.retry_or_shadow_abandoned',
  loopsRefused: 'mesh.upstream_loop_refused',
  namesOverflow: 'mesh.asked_names_overflow',
  tcpConnections: 'tcp.downstream_cx_total',
  tcpActive: 'tcp.downstream_cx_active',
  tcpIdleTimeouts: 'tcp.idle_timeout',
  tcpMaxDuration: 'tcp.max_downstream_connection_duration',
  rbacDenied: 'http.rbac.denied',
  tcpRbacDenied: 'tcp.rbac.denied',
  viewUpdates: 'mesh.view_update_success',
  viewRejections: 'mesh.view_update_rejected',
  listenersBound: 'listener_manager.total_listeners_active',
  listenersWaiting: 'listener_manager.total_listeners_warming',
  listenersFailed: 'listener_manager.listener_create_failure',
  svidUpdates: 'mesh.svid_update_success',
  memoryBytes: 'server.memory_physical_size',
  memoryLimitBytes: 'mesh.memory_limit',
  memoryPressure: 'overload.envoy.resource_monitors.fixed_heap.pressure',
  overloadClosesIdle: 'overload.envoy.overload_actions.disable_http_keepalive.active',
  overloadStopsRequests: 'overload.envoy.overload_actions.stop_accepting_requests.active',
  overloadStopsConnections: 'overload.envoy.overload_actions.reject_incoming_connections.active',
  overloadRequestsRefused: 'downstream_rq_overload_close',
  overloadConnectionsRefused: 'downstream_cx_overload_reject',
  overloadIdleClosed: 'mesh.downstream_cx_overload_idle_close',
  workersHung: 'workers.watchdog_mega_miss',
  faults: 'mesh.internal_fault',
} as const

/** Whether it tells how many there are now, not how many there were. */
export function isGauge(name: CounterName): boolean {
  return GAUGES.has(name)
}

const GAUGES: ReadonlySet<CounterName> = new Set<CounterName>([
  'downstreamActive',
  'downstreamRequestsActive',
  'upstreamActive',
  'upstreamRequestsActive',
  'upstreamPendingActive',
  'outlierEjectionsActive',
  'tcpActive',
  'listenersBound',
  'listenersWaiting',
  'memoryBytes',
  'memoryLimitBytes',
  'memoryPressure',
  'overloadClosesIdle',
  'overloadStopsRequests',
  'overloadStopsConnections',
])
