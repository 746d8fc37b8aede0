import { ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { ClusterLoadAssignmentSchema } from '@mesh/rpc/gen/envoy/config/endpoint/v3/endpoint_pb'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { RouteConfigurationSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_pb'
import { WorkloadSchema } from '@mesh/rpc/gen/istio/workload/workload_pb'
import { typeUrlOf } from './codec/any.ts'

/** The resource types of a view, in the order in which they are pushed (make before break). */
export const RESOURCE_TYPES = ['CDS', 'EDS', 'LDS', 'RDS', 'WDS'] as const

export type ResourceType = (typeof RESOURCE_TYPES)[number]

export const TYPE_URLS: Readonly<Record<ResourceType, string>> = {
  CDS: typeUrlOf(ClusterSchema),
  EDS: typeUrlOf(ClusterLoadAssignmentSchema),
  LDS: typeUrlOf(ListenerSchema),
  RDS: typeUrlOf(RouteConfigurationSchema),
  WDS: typeUrlOf(WorkloadSchema),
}

/** Types of which a client takes all that there are; the others it asks for by name. */
export const WILDCARD_TYPES: ReadonlySet<ResourceType> = new Set(['CDS', 'LDS', 'WDS'])

export function resourceTypeOf(typeUrl: string): ResourceType | undefined {
  return RESOURCE_TYPES.find((type) => TYPE_URLS[type] === typeUrl)
}
