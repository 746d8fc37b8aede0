import type { Resources } from '../view-codec.ts'
import { RESOURCE_TYPES, type ResourceType } from '../resource-type.ts'
import type { TypeRequest, TypeResponse } from './request.ts'
import type { Stamp } from './acceptance.ts'
import { TypeSubscription, type Portion } from './type-subscription.ts'

/** What is made comes in this order, each type when the one before was answered... */
const MAKE: readonly ResourceType[] = ['CDS', 'EDS', 'LDS', 'RDS']
/** ...and only when nothing is left to make, what is to go goes, users before what they use. */
const BREAK: readonly ResourceType[] = ['LDS', 'RDS', 'CDS', 'EDS']

/**
 * All subscriptions of one client on one aggregated stream. Pure state: requests and views go in,
 * `next` says what to send, one response at a time, whenever the stream can take one.
 */
export class AdsSession {
  readonly #mode: 'sotw' | 'delta'
  readonly #subscriptions = new Map<ResourceType, TypeSubscription>()
  #resources: Resources | undefined
  #stamp: Stamp = { snapshot: '', sequence: 0 }
  #nonces = 0

  constructor(mode: 'sotw' | 'delta') {
    this.#mode = mode
  }

  get subscriptions(): readonly TypeSubscription[] {
    return RESOURCE_TYPES.flatMap((type) => this.#subscriptions.get(type) ?? [])
  }

  setView(resources: Resources, stamp: Stamp): void {
    this.#resources = resources
    this.#stamp = stamp
    for (const subscription of this.#subscriptions.values()) subscription.setCurrent(resources[subscription.type], stamp)
  }

  /** Names that the client has subscribed to, over all types, and their characters. */
  get room(): { readonly names: number; readonly chars: number } {
    const rooms = this.subscriptions.map(({ room }) => room)
    return { names: sum(rooms.map(({ names }) => names)), chars: sum(rooms.map(({ chars }) => chars)) }
  }

  onRequest(type: ResourceType, request: TypeRequest): void {
    let subscription = this.#subscriptions.get(type)
    if (subscription === undefined) {
      subscription = new TypeSubscription(type, this.#mode)
      if (this.#resources !== undefined) subscription.setCurrent(this.#resources[type], this.#stamp)
      this.#subscriptions.set(type, subscription)
    }
    subscription.request(request)
  }

  /** Undefined: nothing is due, or an answer must come first. */
  next(): TypeResponse | undefined {
    if (this.#resources === undefined) return undefined
    return this.#asked() ?? this.#workloads() ?? this.#make() ?? this.#break()
  }

  /** What a client asks for by name it gets at once: it may need it to go on. */
  #asked(): TypeResponse | undefined {
    for (const subscription of this.subscriptions) if (subscription.due('asked')) return this.#take(subscription, 'asked')
    return undefined
  }

  /** Nothing refers to workloads, so that they need no order. */
  #workloads(): TypeResponse | undefined {
    const workloads = this.#subscriptions.get('WDS')
    if (workloads === undefined || workloads.inFlight) return undefined
    if (workloads.due('changed')) return this.#take(workloads, 'changed')
    return workloads.due('gone') ? this.#take(workloads, 'gone') : undefined
  }

  #make(): TypeResponse | undefined {
    for (const subscription of this.#in(MAKE)) {
      if (subscription.inFlight) return undefined
      if (subscription.due('changed')) return this.#take(subscription, 'changed')
    }
    return undefined
  }

  #break(): TypeResponse | undefined {
    if (this.#in(MAKE).some((subscription) => subscription.inFlight)) return undefined
    const subscription = this.#in(BREAK).find((one) => one.due('gone'))
    return subscription === undefined ? undefined : this.#take(subscription, 'gone')
  }

  #in(order: readonly ResourceType[]): TypeSubscription[] {
    return order.flatMap((type) => this.#subscriptions.get(type) ?? [])
  }

  #take(subscription: TypeSubscription, portion: Portion): TypeResponse {
    this.#nonces += 1
    return subscription.take(portion, `${this.#nonces}`)
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}
