import type { View } from '@mesh/core/view'
import { decodeResource, encodeResource, resourceName, type Rejection, type Resource, type ValueOf } from './resource.ts'
import { RESOURCE_TYPES, type ResourceType } from './resource-type.ts'

/** A view as resources: by type, by name. */
export type Resources = { readonly [T in ResourceType]: ReadonlyMap<string, Resource> }

/** Values of a view by type and name. */
export type ViewParts = { readonly [T in ResourceType]: ReadonlyMap<string, ValueOf[T]> }

/** The view as Envoy's xDS v3. Parts that are the same objects as in an earlier view are not encoded again. */
export function encodeView(view: View): Resources {
  return {
    CDS: encodeAll('CDS', view.clusters),
    EDS: encodeAll('EDS', view.endpoints),
    LDS: encodeAll('LDS', view.listeners),
    RDS: encodeAll('RDS', view.routes),
    WDS: encodeAll('WDS', view.workloads),
  }
}

/** The view that resources say; those that cannot be honoured are left out and named. */
export function decodeView(resources: Resources, snapshot: string): { readonly view: View; readonly rejections: readonly Rejection[] } {
  const rejections: Rejection[] = []
  const parts = { CDS: new Map(), EDS: new Map(), LDS: new Map(), RDS: new Map(), WDS: new Map() }
  for (const type of RESOURCE_TYPES) {
    for (const { name, bytes } of resources[type].values()) {
      const decoded = decodeResource(type, name, bytes)
      if (decoded.kind === 'value') parts[type].set(name, decoded.value)
      else rejections.push(decoded.rejection)
    }
  }
  return { view: viewOfParts(parts, snapshot), rejections }
}

/** Each list sorted by name, so that equal views are equal as JSON. */
export function viewOfParts(parts: ViewParts, snapshot: string): View {
  return {
    snapshot,
    listeners: sorted(parts.LDS),
    routes: sorted(parts.RDS),
    clusters: sorted(parts.CDS),
    endpoints: sorted(parts.EDS),
    workloads: sorted(parts.WDS),
  }
}

function encodeAll<T extends ResourceType>(type: T, values: readonly ValueOf[T][]): ReadonlyMap<string, Resource> {
  return new Map(values.map((value) => [resourceName(type, value), encodeResource(type, value)]))
}

function sorted<V>(values: ReadonlyMap<string, V>): V[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}
