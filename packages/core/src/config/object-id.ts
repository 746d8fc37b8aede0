import type { ConfigObject } from './object.ts'

/** What makes an object the same one; of foreign kinds `kind` has the group with it. */
export interface ObjectId {
  readonly kind: string
  /** Empty for kinds without namespaces. */
  readonly namespace: string
  readonly name: string
}

/** `VirtualService/default/reviews`: also how objects are named between processes. */
export function idKey({ kind, namespace, name }: ObjectId): string {
  return `${kind}/${namespace}/${name}`
}

/** The same of an object. */
export function objectIdKey({ kind, meta: { namespace, name } }: Pick<ConfigObject, 'kind' | 'meta'>): string {
  return idKey({ kind, namespace, name })
}
