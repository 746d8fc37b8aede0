// Generated from envoy/config/endpoint/v3/endpoint.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, message } from '../../../../../protobuf/index.ts'
import { type LocalityLbEndpoints, LocalityLbEndpointsSchema } from './endpoint_components_pb.ts'

export interface ClusterLoadAssignment extends Message<'envoy.config.endpoint.v3.ClusterLoadAssignment'> {
  clusterName: string
  endpoints: LocalityLbEndpoints[]
}

export const ClusterLoadAssignmentSchema: DescMessage<ClusterLoadAssignment> = message('envoy.config.endpoint.v3.ClusterLoadAssignment', () => ({
  clusterName: field(1, 'string'),
  endpoints: list(2, LocalityLbEndpointsSchema),
}))
