import type { Origin } from './origin.ts'

export interface ObjectMeta {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** RFC 3339; the older object wins a conflict, then the lower name. */
  readonly creationTimestamp?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly uid?: string
}

/**
 * One Istio, Gateway API or Kubernetes resource, parsed and validated.
 * `body` is what stands beside `metadata`: `spec` for Istio kinds, `data` for a ConfigMap, and so on; plain values only.
 */
export interface ConfigObject<Kind extends string = string, Body = unknown> {
  readonly kind: Kind
  readonly apiVersion: string
  readonly meta: ObjectMeta
  readonly body: Body
  readonly origin: Origin
  /** Places of its fields, for findings and origins; see `fieldOrigin`. */
  readonly places: FieldPlaces
}

/** Places of fields by their dotted path from the object's root, like `spec.http[0].match`; values are `line:column`. */
export type FieldPlaces = Readonly<Record<string, readonly [line: number, column: number]>>

/** `default/reviews`, the key of an object among those of its kind. */
export function objectKey(object: { readonly meta: Pick<ObjectMeta, 'namespace' | 'name'> }): string {
  return `${object.meta.namespace}/${object.meta.name}`
}

/** The origin of one field of an object: its own place, or that of the nearest enclosing field that has one. */
export function fieldOrigin(object: ConfigObject, path: readonly (string | number)[]): Origin {
  const field = formatPath(path)
  for (let length = path.length; length > 0; length--) {
    const place = object.places[formatPath(path.slice(0, length))]
    if (place !== undefined) return { ...object.origin, line: place[0], column: place[1], field }
  }
  return { ...object.origin, field }
}

/** `['spec', 'http', 0, 'match']` → `spec.http[0].match`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = ''
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text === '' ? part : `.${part}`
  return text
}
