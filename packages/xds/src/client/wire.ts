import type { Any } from '@mesh/rpc/gen/google/protobuf/any_pb'
import type {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponse,
  DiscoveryRequestSchema,
  DiscoveryResponse,
} from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import type { Init } from '../codec/init.ts'
import { resourceTypeOf, TYPE_URLS } from '../resource-type.ts'
import type { ClientRequest, ReceivedResource, ServerResponse } from './message.ts'

/** gRPC's INVALID_ARGUMENT, as Envoy's NACKs have it. */
const INVALID_ARGUMENT = 3

export function sotwMessage(request: ClientRequest): Init<typeof DiscoveryRequestSchema> {
  return {
    typeUrl: TYPE_URLS[request.type],
    resourceNames: [...request.names],
    responseNonce: request.nonce,
    versionInfo: request.version,
    ...errorDetail(request),
  }
}

export function deltaMessage(request: ClientRequest): Init<typeof DeltaDiscoveryRequestSchema> {
  return {
    typeUrl: TYPE_URLS[request.type],
    resourceNamesSubscribe: [...request.subscribe],
    resourceNamesUnsubscribe: [...request.unsubscribe],
    initialResourceVersions: { ...request.initialVersions },
    responseNonce: request.nonce,
    ...errorDetail(request),
  }
}

/** Undefined for a type that was not asked for. */
export function sotwResponse(message: DiscoveryResponse): ServerResponse | undefined {
  const type = resourceTypeOf(message.typeUrl)
  if (type === undefined) return undefined
  return {
    type,
    nonce: message.nonce,
    snapshot: message.versionInfo,
    resources: message.resources.map((any) => received('', '', any)),
    removed: [],
  }
}

/** Undefined for a type that was not asked for. */
export function deltaResponse(message: DeltaDiscoveryResponse): ServerResponse | undefined {
  const type = resourceTypeOf(message.typeUrl)
  if (type === undefined) return undefined
  return {
    type,
    nonce: message.nonce,
    snapshot: message.systemVersionInfo,
    resources: message.resources.map(({ name, version, resource }) => received(name, version, resource)),
    removed: message.removedResources,
  }
}

function received(name: string, version: string, any: Any | undefined): ReceivedResource {
  return { name, version, typeUrl: any?.typeUrl ?? 'nothing', bytes: any?.value ?? new Uint8Array() }
}

function errorDetail({ error }: ClientRequest) {
  return error === undefined ? {} : { errorDetail: { code: INVALID_ARGUMENT, message: error } }
}
