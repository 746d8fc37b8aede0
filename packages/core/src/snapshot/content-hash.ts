import type { ConfigObject } from '../config/object.ts'
import { sha256 } from './sha256.ts'
import type { QuarantinedPolicy } from './snapshot.ts'

const HASH_DIGITS = 12
const ENCODER = new TextEncoder()
const DIGESTS = new WeakMap<ConfigObject, string>()

/** The name of a content: equal for objects in force that are equal, wherever their files and lines are. */
export function contentHash(objects: readonly ConfigObject[], quarantined: readonly QuarantinedPolicy[]): string {
  const closed = quarantined.map(({ origin: _, ...policy }) => canonicalJson(policy))
  return sha256(ENCODER.encode([...objects.map(digestOf), '', ...closed].join('\n'))).slice(0, HASH_DIGITS)
}

/** The name of what an object says: equal for equal objects, wherever they are written; 12 hex digits. */
export function objectVersion(object: ConfigObject): string {
  return digestOf(object).slice(0, HASH_DIGITS)
}

/** JSON with the fields of every map in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`)
  return `{${fields.join(',')}}`
}

function digestOf(object: ConfigObject): string {
  const known = DIGESTS.get(object)
  if (known !== undefined) return known
  const { resourceVersion: _version, generation: _generation, uid: _uid, ...meta } = object.meta
  const digest = sha256(ENCODER.encode(canonicalJson({ kind: object.kind, meta, body: object.body })))
  DIGESTS.set(object, digest)
  return digest
}
