// Generated from envoy/service/secret/v3/sds.proto by tools/protobuf/generate.mjs: do not edit.

import { service } from '../../../../../protobuf/index.ts'
import { DeltaDiscoveryRequestSchema, DeltaDiscoveryResponseSchema, DiscoveryRequestSchema, DiscoveryResponseSchema } from '../../discovery/v3/discovery_pb.ts'

export const SecretDiscoveryService = service('envoy.service.secret.v3.SecretDiscoveryService', {
  deltaSecrets: { methodKind: 'bidi_streaming', input: DeltaDiscoveryRequestSchema, output: DeltaDiscoveryResponseSchema },
  streamSecrets: { methodKind: 'bidi_streaming', input: DiscoveryRequestSchema, output: DiscoveryResponseSchema },
  fetchSecrets: { methodKind: 'unary', input: DiscoveryRequestSchema, output: DiscoveryResponseSchema },
})
