import { create, type MessageInitShape } from '@mesh/rpc/protobuf'
import { AnySchema } from '@mesh/rpc/gen/google/protobuf/any_pb'
import type {
  DeltaDiscoveryRequest,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequest,
  DiscoveryResponseSchema,
} from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import { MAX_ERROR_CHARS } from '../limits.ts'
import { TYPE_URLS } from '../resource-type.ts'
import type { TypeRequest, TypeResponse } from '../subscription/request.ts'

export function sotwRequest(message: DiscoveryRequest): TypeRequest {
  const { resourceNames: names, responseNonce: nonce, versionInfo: version } = message
  return { kind: 'sotw', names, nonce, version, error: errorText(message.errorDetail) }
}

export function deltaRequest(message: DeltaDiscoveryRequest): TypeRequest {
  return {
    kind: 'delta',
    subscribe: message.resourceNamesSubscribe,
    unsubscribe: message.resourceNamesUnsubscribe,
    initialVersions: message.initialResourceVersions,
    nonce: message.responseNonce,
    error: errorText(message.errorDetail),
  }
}

export function sotwResponse(response: TypeResponse): MessageInitShape<typeof DiscoveryResponseSchema> {
  const typeUrl = TYPE_URLS[response.type]
  return {
    typeUrl,
    nonce: response.nonce,
    versionInfo: response.snapshot,
    resources: response.resources.map(({ bytes }) => create(AnySchema, { typeUrl, value: bytes })),
  }
}

export function deltaResponse(response: TypeResponse): MessageInitShape<typeof DeltaDiscoveryResponseSchema> {
  const typeUrl = TYPE_URLS[response.type]
  return {
    typeUrl,
    nonce: response.nonce,
    systemVersionInfo: response.snapshot,
    removedResources: [...response.removed],
    resources: response.resources.map(({ name, version, bytes }) => ({
      name,
      version,
      resource: create(AnySchema, { typeUrl, value: bytes }),
    })),
  }
}

function errorText(detail: { readonly message: string } | undefined): string | undefined {
  return detail === undefined ? undefined : detail.message.slice(0, MAX_ERROR_CHARS)
}
