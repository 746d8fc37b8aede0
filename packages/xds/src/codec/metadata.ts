import type { JsonObject, JsonValue } from '@mesh/rpc/protobuf'
import type { Origin } from '@mesh/core/config'
import type { Metadata, MetadataSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import type { Init } from './init.ts'
import { istioConfigPath } from './istio-path.ts'

/** Where our own facts stand in `filter_metadata`, beside Istio's. */
const MESH = 'mesh'
const ISTIO = 'istio'

export interface Facts {
  readonly origin?: Origin | undefined
  /** More of Istio's own metadata. */
  readonly istio?: JsonObject
  /** What the view says and Envoy has no field for. */
  readonly mesh?: JsonObject
}

/** Metadata that carries an origin (Istio's `config` path, our file and line) and other facts; undefined when there are none. */
export function encodeFacts({ origin, istio = {}, mesh = {} }: Facts): Init<typeof MetadataSchema> | undefined {
  const path = origin === undefined ? undefined : istioConfigPath(origin)
  const theirs: JsonObject = { ...(path === undefined ? {} : { config: path }), ...istio }
  const ours: JsonObject = { ...(origin === undefined ? {} : { origin: encodeOrigin(origin) }), ...mesh }
  const filterMetadata: Record<string, JsonObject> = {}
  if (Object.keys(theirs).length > 0) filterMetadata[ISTIO] = theirs
  if (Object.keys(ours).length > 0) filterMetadata[MESH] = ours
  return Object.keys(filterMetadata).length === 0 ? undefined : { filterMetadata }
}

/** Our own facts; empty for a foreign resource. */
export function meshFacts(metadata: Metadata | undefined): JsonObject {
  return metadata?.filterMetadata[MESH] ?? {}
}

export function istioFacts(metadata: Metadata | undefined): JsonObject {
  return metadata?.filterMetadata[ISTIO] ?? {}
}

/** `{ origin }` when there is one, to be spread. */
export function originPart(metadata: Metadata | undefined): { origin?: Origin } {
  return originIn(meshFacts(metadata)['origin'])
}

export function originIn(json: JsonValue | undefined): { origin?: Origin } {
  const origin = decodeOrigin(json)
  return origin === undefined ? {} : { origin }
}

export function encodeOrigin(origin: Origin): JsonObject {
  return { ...origin }
}

/** Undefined for anything that is no origin: it only explains, so that a bad one hurts nothing. */
export function decodeOrigin(json: JsonValue | undefined): Origin | undefined {
  const { kind, namespace, name, file, line, column, field } = asObject(json)
  if (typeof kind !== 'string' || typeof namespace !== 'string' || typeof name !== 'string') return undefined
  return {
    kind,
    namespace,
    name,
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof line === 'number' ? { line } : {}),
    ...(typeof column === 'number' ? { column } : {}),
    ...(typeof field === 'string' ? { field } : {}),
  }
}

export function asObject(json: JsonValue | undefined): JsonObject {
  return json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {}
}

export function asList(json: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(json) ? json : []
}
