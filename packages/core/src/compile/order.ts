import type { ConfigObject } from '../config/object.ts'

/** Istio's order of precedence: the older object first, then the lower name, then the lower namespace. */
export function byAge(left: ConfigObject, right: ConfigObject): number {
  const created = compareText(left.meta.creationTimestamp ?? '', right.meta.creationTimestamp ?? '')
  if (created !== 0) return created
  return compareText(left.meta.name, right.meta.name) || compareText(left.meta.namespace, right.meta.namespace)
}

/** By code unit: the same everywhere, whatever the locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return compareText(left.name, right.name)
}
