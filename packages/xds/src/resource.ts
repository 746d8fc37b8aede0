import { hash } from 'node:crypto'
import { create, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@mesh/rpc/protobuf'
import type { Cluster, ClusterEndpoints, Listener, RouteTable, Workload } from '@mesh/core/view'
import { ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { ClusterLoadAssignmentSchema } from '@mesh/rpc/gen/envoy/config/endpoint/v3/endpoint_pb'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { RouteConfigurationSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_pb'
import { WorkloadSchema } from '@mesh/rpc/gen/istio/workload/workload_pb'
import { parse } from './codec/any.ts'
import { decodeCluster, encodeCluster } from './codec/cluster.ts'
import { decodeEndpoints, encodeEndpoints } from './codec/endpoint.ts'
import { decodeListener, encodeListener } from './codec/listener.ts'
import { Refusal } from './codec/refusal.ts'
import { decodeRouteTable, encodeRouteTable } from './codec/route.ts'
import { decodeWorkload, encodeWorkload } from './codec/workload.ts'
import { nameIn } from './peek-name.ts'
import type { ResourceType } from './resource-type.ts'

/** What the view holds of each type. */
export interface ValueOf {
  readonly CDS: Cluster
  readonly EDS: ClusterEndpoints
  readonly LDS: Listener
  readonly RDS: RouteTable
  readonly WDS: Workload
}

/** One part of a view as it travels. */
export interface Resource {
  readonly name: string
  /** Hash of the bytes: equal content has an equal version. */
  readonly version: string
  /** The message, without its `Any`. */
  readonly bytes: Uint8Array
}

/** A resource that this mesh cannot honour, and why. */
export interface Rejection {
  readonly type: ResourceType
  readonly resource: string
  readonly reason: string
}

export type Decoded<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'rejected'; readonly rejection: Rejection }

/** Encodes one part of a view. The same value object gives the same resource object. */
export function encodeResource<T extends ResourceType>(type: T, value: ValueOf[T]): Resource {
  const known = encoded.get(value)
  if (known !== undefined) return known
  const codec: Codec<T> = CODECS[type]
  const bytes = codec.write(value)
  const resource = { name: codec.name(value), version: versionOf(bytes), bytes }
  encoded.set(value, resource)
  return resource
}

/** Decodes one resource, or says what of it cannot be honoured. */
export function decodeResource<T extends ResourceType>(type: T, name: string, bytes: Uint8Array): Decoded<ValueOf[T]> {
  const codec: Codec<T> = CODECS[type]
  try {
    const value = codec.read(bytes)
    const own = codec.name(value)
    if (name !== '' && own !== name) throw new Refusal(`it calls itself ${own}`)
    return { kind: 'value', value }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'rejected', rejection: { type, resource: name === '' ? nameIn(type, bytes) : name, reason: error.message } }
  }
}

export function resourceName<T extends ResourceType>(type: T, value: ValueOf[T]): string {
  const codec: Codec<T> = CODECS[type]
  return codec.name(value)
}

export function versionOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 16)
}

/** Encoding is pure, so that a value's resource can be kept as long as the value lives. */
const encoded = new WeakMap<object, Resource>()

interface Codec<T extends ResourceType> {
  readonly name: (value: ValueOf[T]) => string
  readonly write: (value: ValueOf[T]) => Uint8Array
  readonly read: (bytes: Uint8Array) => ValueOf[T]
}

function codec<D extends DescMessage, V>(
  schema: D,
  name: (value: V) => string,
  encode: (value: V) => MessageInitShape<D>,
  decode: (message: MessageShape<D>) => V,
) {
  return {
    name,
    write: (value: V) => toBinary(schema, create(schema, encode(value))),
    read: (bytes: Uint8Array) => decode(parse(schema, bytes)),
  }
}

const CODECS: { readonly [T in ResourceType]: Codec<T> } = {
  CDS: codec(ClusterSchema, (cluster: Cluster) => cluster.name, encodeCluster, decodeCluster),
  EDS: codec(ClusterLoadAssignmentSchema, (endpoints: ClusterEndpoints) => endpoints.cluster, encodeEndpoints, decodeEndpoints),
  LDS: codec(ListenerSchema, (listener: Listener) => listener.name, encodeListener, decodeListener),
  RDS: codec(RouteConfigurationSchema, (table: RouteTable) => table.name, encodeRouteTable, decodeRouteTable),
  WDS: codec(WorkloadSchema, (workload: Workload) => workload.uid, encodeWorkload, decodeWorkload),
}
