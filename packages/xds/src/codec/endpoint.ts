import type { JsonValue } from '@mesh/rpc/protobuf'
import type { ClusterEndpoints, Endpoint, WorkloadRef } from '@mesh/core/view'
import type { Metadata } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { HealthStatus } from '@mesh/rpc/gen/envoy/config/core/v3/health_check_pb'
import type { LbEndpoint, LbEndpointSchema } from '@mesh/rpc/gen/envoy/config/endpoint/v3/endpoint_components_pb'
import type { ClusterLoadAssignment, ClusterLoadAssignmentSchema } from '@mesh/rpc/gen/envoy/config/endpoint/v3/endpoint_pb'
import { decodeAddress, encodeAddress } from './address.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

const SOCKET_MATCH = 'envoy.transport_socket_match'

/** EDS: the endpoints of a cluster, in one locality (gRPC clients need one to be named, and weighted). */
export function encodeEndpoints({ cluster, endpoints }: ClusterEndpoints): Init<typeof ClusterLoadAssignmentSchema> {
  if (endpoints.length === 0) return { clusterName: cluster }
  const locality = { locality: {}, loadBalancingWeight: endpoints.length, lbEndpoints: endpoints.map(encodeEndpoint) }
  return { clusterName: cluster, endpoints: [locality] }
}

export function decodeEndpoints(assignment: ClusterLoadAssignment): ClusterEndpoints {
  const endpoints = assignment.endpoints.flatMap((locality) => {
    if (locality.priority !== 0) refuse('endpoint priorities are not supported')
    return locality.lbEndpoints.map(decodeEndpoint)
  })
  return { cluster: assignment.clusterName, endpoints }
}

function encodeEndpoint(endpoint: Endpoint): Init<typeof LbEndpointSchema> {
  const filterMetadata = {
    ...(endpoint.tls === undefined ? {} : { [SOCKET_MATCH]: { tlsMode: endpoint.tls } }),
    ...(endpoint.workload === undefined ? {} : { istio: { workload: encodeWorkloadRef(endpoint.workload) } }),
  }
  return {
    hostIdentifier: { case: 'endpoint', value: { address: encodeAddress(endpoint) } },
    loadBalancingWeight: endpoint.weight,
    healthStatus: endpoint.healthy ? HealthStatus.UNKNOWN : HealthStatus.UNHEALTHY,
    ...(Object.keys(filterMetadata).length === 0 ? {} : { metadata: { filterMetadata } }),
  }
}

function decodeEndpoint({ hostIdentifier, metadata, ...endpoint }: LbEndpoint): Endpoint {
  if (hostIdentifier.case === undefined) refuse('an endpoint without an address')
  const workload = decodeWorkloadRef(metadata?.filterMetadata['istio']?.['workload'])
  return {
    ...decodeAddress(hostIdentifier.value.address),
    weight: endpoint.loadBalancingWeight ?? 1,
    healthy: HEALTHY.has(endpoint.healthStatus),
    ...decodeTls(metadata),
    ...(workload === undefined ? {} : { workload }),
  }
}

const HEALTHY: ReadonlySet<HealthStatus> = new Set([HealthStatus.UNKNOWN, HealthStatus.HEALTHY, HealthStatus.DEGRADED])

function decodeTls(metadata: Metadata | undefined): Pick<Endpoint, 'tls'> {
  return metadata?.filterMetadata[SOCKET_MATCH]?.['tlsMode'] === 'istio' ? { tls: 'istio' } : {}
}

/** Istio's `filter_metadata.istio.workload`: `workload;namespace;app;version;cluster`. */
function encodeWorkloadRef({ workload, namespace, app, version, cluster }: WorkloadRef): string {
  return [workload, namespace, app, version, cluster].join(';')
}

function decodeWorkloadRef(json: JsonValue | undefined): WorkloadRef | undefined {
  if (typeof json !== 'string') return undefined
  const [workload = '', namespace = '', app = '', version = '', cluster = ''] = json.split(';')
  return { workload, namespace, app, version, cluster }
}
