import type { View } from '@mesh/core/view'
import { decodeResource, resourceName as nameOf, versionOf, type Rejection, type ValueOf } from '../resource.ts'
import { RESOURCE_TYPES, TYPE_URLS, WILDCARD_TYPES, type ResourceType } from '../resource-type.ts'
import { encodeView, viewOfParts, type ViewParts } from '../view-codec.ts'
import type { ReceivedResource, ServerResponse } from './message.ts'

interface Held<T extends ResourceType> {
  readonly value: ValueOf[T]
  readonly version: string
}

/** What is held of each type, by name. */
export type HeldParts = { readonly [T in ResourceType]: Map<string, Held<T>> }

/**
 * What a client has received, decoded. A refused resource leaves its last good form in place.
 */
export class Received {
  readonly parts: HeldParts
  /** Names that the server says do not exist, or whose only form was refused. */
  readonly absent = { EDS: new Set<string>(), RDS: new Set<string>() }
  readonly #sotw: boolean

  constructor(mode: 'sotw' | 'delta', initial: View | undefined) {
    this.#sotw = mode === 'sotw'
    this.parts = initial === undefined ? emptyParts() : partsOf(initial)
  }

  /** Takes a response; answers what of it was refused, and whether anything changed. */
  take(response: ServerResponse): { readonly rejections: readonly Rejection[]; readonly changed: boolean } {
    const { type } = response
    const before = new Map<string, unknown>(this.parts[type])
    const named = new Set<string>()
    const rejections = response.resources.flatMap((resource) => this.#takeOne(type, resource, named) ?? [])
    for (const name of response.removed) this.#remove(type, name)
    if (this.#sotw && WILDCARD_TYPES.has(type)) for (const name of this.parts[type].keys()) if (!named.has(name)) this.#remove(type, name)
    return { rejections, changed: !sameEntries(before, this.parts[type]) }
  }

  /** Names that the view refers to. */
  get referenced(): { readonly EDS: ReadonlySet<string>; readonly RDS: ReadonlySet<string> } {
    const clusters = [...this.parts.CDS.values()].filter(({ value }) => value.discovery.kind === 'eds').map(({ value }) => value.name)
    const routes = [...this.parts.LDS.values()].flatMap(({ value }) =>
      value.chains.flatMap(({ filter }) => (filter.kind === 'http' && filter.routes.kind === 'rds' ? [filter.routes.name] : [])),
    )
    return { EDS: new Set(clusters), RDS: new Set(routes) }
  }

  /** Whether all that is referred to is here, or known not to exist. */
  get complete(): boolean {
    const { referenced } = this
    return (['EDS', 'RDS'] as const).every((type) =>
      [...referenced[type]].every((name) => this.parts[type].has(name) || this.absent[type].has(name)),
    )
  }

  /** Drops what nothing refers to any more. */
  keepOnly(type: 'EDS' | 'RDS', names: ReadonlySet<string>): void {
    for (const name of this.parts[type].keys()) if (!names.has(name)) this.parts[type].delete(name)
    for (const name of this.absent[type]) if (!names.has(name)) this.absent[type].delete(name)
  }

  versions(type: ResourceType): Record<string, string> {
    return Object.fromEntries([...this.parts[type]].map(([name, { version }]) => [name, version]))
  }

  /** Puts the last good form back in place of what was refused; false when it is not there any more, or something newer is. */
  revert<T extends ResourceType>({ type, resource: name }: Rejection & { readonly type: T }, refused: HeldParts, good: HeldParts): boolean {
    const parts: Map<string, Held<T>> = this.parts[type]
    if (!parts.has(name) || parts.get(name) !== refused[type].get(name)) return false
    const last = good[type].get(name) as Held<T> | undefined
    if (last !== undefined && last !== refused[type].get(name)) parts.set(name, last)
    else this.#remove(type, name)
    return true
  }

  copy(): HeldParts {
    const { CDS, EDS, LDS, RDS, WDS } = this.parts
    return { CDS: new Map(CDS), EDS: new Map(EDS), LDS: new Map(LDS), RDS: new Map(RDS), WDS: new Map(WDS) }
  }

  #takeOne(type: ResourceType, resource: ReceivedResource, named: Set<string>): Rejection | undefined {
    const version = resource.version === '' ? versionOf(resource.bytes) : resource.version
    if (resource.typeUrl !== TYPE_URLS[type])
      return { type, resource: resource.name, reason: `${resource.typeUrl} is not a ${TYPE_URLS[type]}` }
    const decoded = decodeResource(type, resource.name, resource.bytes)
    if (decoded.kind === 'rejected') {
      const { resource: refused } = decoded.rejection
      named.add(refused)
      if (!this.parts[type].has(refused)) this.#remove(type, refused)
      return decoded.rejection
    }
    const name = nameOf(type, decoded.value)
    named.add(name)
    // The same bytes keep the same object, so that what did not change is seen not to have.
    if (this.parts[type].get(name)?.version !== version)
      (this.parts[type] as Map<string, unknown>).set(name, { value: decoded.value, version })
    if (type === 'EDS' || type === 'RDS') this.absent[type].delete(name)
    return undefined
  }

  #remove(type: ResourceType, name: string): void {
    this.parts[type].delete(name)
    if (type === 'EDS' || type === 'RDS') this.absent[type].add(name)
  }
}

export function viewOfHeld(held: HeldParts, snapshot: string): View {
  const values = RESOURCE_TYPES.map((type) => [type, new Map([...held[type]].map(([name, { value }]) => [name, value]))])
  return viewOfParts(Object.fromEntries(values) as ViewParts, snapshot)
}

function emptyParts(): HeldParts {
  return { CDS: new Map(), EDS: new Map(), LDS: new Map(), RDS: new Map(), WDS: new Map() }
}

function partsOf(view: View): HeldParts {
  const resources = encodeView(view)
  const hold = <T extends ResourceType>(type: T, values: readonly ValueOf[T][]): Map<string, Held<T>> =>
    new Map(values.map((value) => [nameOf(type, value), { value, version: resources[type].get(nameOf(type, value))?.version ?? '' }]))
  return {
    CDS: hold('CDS', view.clusters),
    EDS: hold('EDS', view.endpoints),
    LDS: hold('LDS', view.listeners),
    RDS: hold('RDS', view.routes),
    WDS: hold('WDS', view.workloads),
  }
}

function sameEntries(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value)
}
