import type { CallRecord, PeerLabels } from '@mesh/core/call'
import { labelText } from './exposition.ts'

/** The labels of a request's series, in Istio's order. */
export function httpLabels(record: CallRecord): string {
  return labelText(HTTP_NAMES, [
    ...endpoints(record),
    record.grpcStatus === undefined ? record.protocol : 'grpc',
    String(record.status),
    record.grpcStatus ?? '',
    flagText(record.flags),
    securityPolicy(record),
    ...clusters(record),
  ])
}

/** The labels of a TCP connection's series, in Istio's order. */
export function tcpLabels(record: CallRecord): string {
  return labelText(TCP_NAMES, [...endpoints(record), 'tcp', flagText(record.flags), securityPolicy(record), ...clusters(record)])
}

/** Envoy's `%RESPONSE_FLAGS%`. */
export function flagText(flags: readonly string[]): string {
  return flags.length === 0 ? '-' : flags.join(',')
}

const ENDPOINT_NAMES = [
  'reporter',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
  'source_workload_namespace',
  'source_principal',
  'source_app',
  'source_version',
  'destination_workload',
  'destination_workload_namespace',
  'destination_principal',
  'destination_app',
  'destination_version',
  'destination_service',
  'destination_canonical_service',
  'destination_canonical_revision',
  'destination_service_name',
  'destination_service_namespace',
  'request_protocol',
] as const

const CLUSTER_NAMES = ['source_cluster', 'destination_cluster'] as const

const HTTP_NAMES = [
  ...ENDPOINT_NAMES,
  'response_code',
  'grpc_response_status',
  'response_flags',
  'connection_security_policy',
  ...CLUSTER_NAMES,
]

const TCP_NAMES = [...ENDPOINT_NAMES, 'response_flags', 'connection_security_policy', ...CLUSTER_NAMES]

const UNKNOWN = 'unknown'

function endpoints(record: CallRecord): readonly string[] {
  const [source, destination] = ends(record)
  const { service, cluster } = record
  return [
    record.reporter,
    known(source?.workload),
    known(source?.app),
    known(source?.version),
    known(source?.namespace),
    known(source?.principal),
    known(source?.app),
    known(source?.version),
    known(destination?.workload),
    known(destination?.namespace),
    known(destination?.principal),
    known(destination?.app),
    known(destination?.version),
    known(service?.host),
    known(destination?.app),
    known(destination?.version),
    service === undefined && cluster !== undefined && NAMED_CLUSTERS.has(cluster) ? cluster : known(service?.name),
    known(service?.namespace ?? (record.reporter === 'destination' ? destination?.namespace : undefined)),
  ]
}

/** Clusters without a service, which Istio tells in the place of the service's name. */
const NAMED_CLUSTERS: ReadonlySet<string> = new Set(['PassthroughCluster', 'BlackHoleCluster', 'InboundPassthroughCluster'])

function clusters(record: CallRecord): readonly string[] {
  return ends(record).map((end) => known(end?.cluster))
}

function ends({ reporter, self, peer }: CallRecord): readonly [source: PeerLabels | undefined, destination: PeerLabels | undefined] {
  return reporter === 'source' ? [self, peer] : [peer, self]
}

/** Only the receiving side knows for certain (Istio tells `unknown` at the source). */
function securityPolicy(record: CallRecord): string {
  if (record.reporter === 'source') return UNKNOWN
  return record.mutualTls ? 'mutual_tls' : 'none'
}

function known(value: string | undefined): string {
  return value === undefined || value === '' ? UNKNOWN : value
}
