// Generated from envoy/service/discovery/v3/ads.proto by tools/protobuf/generate.mjs: do not edit.

import { service } from '../../../../../protobuf/index.ts'
import { DeltaDiscoveryRequestSchema, DeltaDiscoveryResponseSchema, DiscoveryRequestSchema, DiscoveryResponseSchema } from './discovery_pb.ts'

export const AggregatedDiscoveryService = service('envoy.service.discovery.v3.AggregatedDiscoveryService', {
  streamAggregatedResources: { methodKind: 'bidi_streaming', input: DiscoveryRequestSchema, output: DiscoveryResponseSchema },
  deltaAggregatedResources: { methodKind: 'bidi_streaming', input: DeltaDiscoveryRequestSchema, output: DeltaDiscoveryResponseSchema },
})
