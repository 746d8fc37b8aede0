import type { ConfigObject } from '../config/object.ts'
import { isKind } from '../config/kinds.ts'
import { idKey, objectIdKey } from '../config/object-id.ts'
import type { Cluster } from '../view/cluster.ts'
import type { View } from '../view/view.ts'
import type { Workload } from '../view/workload.ts'
import { serviceHost } from './names.ts'

/** A part of a view, each told to proxies on its own. */
export type ViewPart = Exclude<keyof View, 'snapshot'>

/** Which objects each part of a view comes from: the keys that `objectTraces` gives for an object. */
export type ViewTraces = Readonly<Record<ViewPart, ReadonlySet<string>>>

/**
 * Which objects have left something in a view, by one walk over the origins that it carries; parts that are the same
 * as in an earlier view are not walked again. Endpoints carry no origins: they come from what makes clusters, and from workloads.
 */
export function viewTraces(view: View): ViewTraces {
  const known = TRACES.get(view)
  if (known !== undefined) return known
  const clusters = tracesIn(view.clusters)
  const workloads = tracesIn(view.workloads)
  const traces = {
    listeners: tracesIn(view.listeners),
    routes: tracesIn(view.routes),
    clusters,
    endpoints: new Set([...clusters, ...workloads]),
    workloads,
  }
  TRACES.set(view, traces)
  return traces
}

/** Keys by which an object can be found in views. */
export function objectTraces(object: ConfigObject): readonly string[] {
  const own = objectIdKey(object)
  if (isKind(object, 'Service')) return [own, hostTrace(object.meta.namespace, serviceHost(object.meta.name, object.meta.namespace))]
  if (isKind(object, 'ServiceEntry')) return [own, ...object.body.hosts.map((host) => hostTrace(object.meta.namespace, host.toLowerCase()))]
  return [own]
}

/** The items of one part that come from an object, by their names. */
export function tracedNames(view: View, part: ViewPart, traces: readonly string[]): readonly string[] {
  const items: readonly object[] = view[part]
  return items.flatMap((item) => {
    const found = new Set<string>()
    collect(item, found)
    return traces.some((trace) => found.has(trace)) ? nameOf(item) : []
  })
}

const TRACES = new WeakMap<View, ViewTraces>()
const OF_LIST = new WeakMap<readonly object[], ReadonlySet<string>>()

function tracesIn(items: readonly object[]): ReadonlySet<string> {
  const known = OF_LIST.get(items)
  if (known !== undefined) return known
  const found = new Set<string>()
  for (const item of items) collect(item, found)
  OF_LIST.set(items, found)
  return found
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found)
    return
  }
  const { kind, namespace, name, service, uid } = value as Partial<Origin & Cluster & Workload>
  if (typeof kind === 'string' && typeof namespace === 'string' && typeof name === 'string') found.add(idKey({ kind, namespace, name }))
  if (service !== undefined) found.add(hostTrace(service.namespace, service.host))
  if (uid !== undefined && namespace !== undefined) found.add(`WorkloadEntry/${namespace}/${uid.slice(uid.lastIndexOf('/') + 1)}`)
  for (const part of Object.values(value)) collect(part, found)
}

interface Origin {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

function hostTrace(namespace: string, host: string): string {
  return `host/${namespace}/${host}`
}

function nameOf(item: object): string {
  const { name, cluster, uid } = item as { readonly name?: string; readonly cluster?: string; readonly uid?: string }
  return uid ?? name ?? cluster ?? ''
}
