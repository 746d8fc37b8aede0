import type { DescMessage, MessageInitShape, MessageShape } from '@mesh/rpc/protobuf'
import type { Node } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import type {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import type { TypeRequest, TypeResponse } from '../subscription/request.ts'
import { deltaRequest, deltaResponse, sotwRequest, sotwResponse } from './wire.ts'

/** One variant of the protocol: how its messages read and write. */
export interface Variant<I extends DescMessage, O extends DescMessage> {
  readonly mode: 'sotw' | 'delta'
  readonly head: (message: MessageShape<I>) => RequestHead
  readonly read: (message: MessageShape<I>) => TypeRequest
  readonly write: (response: TypeResponse) => MessageInitShape<O>
}

/** What every request has. */
export interface RequestHead {
  readonly node?: Node | undefined
  readonly typeUrl: string
}

export const SOTW: Variant<typeof DiscoveryRequestSchema, typeof DiscoveryResponseSchema> = {
  mode: 'sotw',
  head: (message) => message,
  read: sotwRequest,
  write: sotwResponse,
}

export const DELTA: Variant<typeof DeltaDiscoveryRequestSchema, typeof DeltaDiscoveryResponseSchema> = {
  mode: 'delta',
  head: (message) => message,
  read: deltaRequest,
  write: deltaResponse,
}
