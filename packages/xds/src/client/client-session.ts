import type { View } from '@mesh/core/view'
import { MAX_OFFERS } from '../limits.ts'
import type { Rejection } from '../resource.ts'
import { RESOURCE_TYPES, WILDCARD_TYPES, type ResourceType } from '../resource-type.ts'
import type { ClientRequest, ServerResponse } from './message.ts'
import { Received, viewOfHeld, type HeldParts } from './received.ts'
import { rejectionText } from './rejection-text.ts'

/** A view for the consumer to judge and put in force. */
export interface Offer {
  readonly view: View
  /** Nothing but endpoints and workloads differs from the view before. */
  readonly endpointsOnly: boolean
}

interface Unanswered {
  readonly type: ResourceType
  readonly nonce: string
  readonly snapshot: string
  /** Of this response, and by its judge. */
  readonly rejections: Rejection[]
}

/** The latest answer about a type. */
interface Answered extends Unanswered {
  readonly error: string | undefined
}

/** What of the view in force does not work yet, while its consumer keeps trying. */
export type Pending = () => readonly Rejection[]

/** No server has a resource of this version. */
const PENDING = 'pending'

const LANE: ReadonlySet<ResourceType> = new Set(['EDS', 'WDS'])

/**
 * The client's side of an aggregated stream as pure state: responses go in, requests and offers of consistent views come out.
 * A response is answered when the view that it led to has been judged.
 */
export class ClientSession {
  readonly #mode: 'sotw' | 'delta'
  readonly #received: Received
  /** Of the last view that was accepted. */
  #good: HeldParts
  #offered: { readonly parts: HeldParts; readonly snapshot: string } | undefined
  #snapshot: string
  readonly #subscribed = { EDS: new Set<string>(), RDS: new Set<string>() }
  /** Types that must be heard on this stream before a view is offered. */
  readonly #awaited = new Set<ResourceType>()
  readonly #changed = new Set<ResourceType>()
  #unanswered: Unanswered[] = []
  #judging: Unanswered[] = []
  #refused: Rejection[] = []
  #offers = 0
  #hadView: boolean
  readonly #lastNonce = new Map<ResourceType, string>()
  readonly #accepted = new Map<ResourceType, string>()
  readonly #answered = new Map<ResourceType, Answered>()
  readonly #pending: Pending

  constructor(mode: 'sotw' | 'delta', initial: View | undefined, pending: Pending) {
    this.#mode = mode
    this.#pending = pending
    this.#received = new Received(mode, initial)
    this.#good = this.#received.copy()
    this.#snapshot = initial?.snapshot ?? ''
    this.#hadView = initial !== undefined
  }

  /** Something new has come; it can be offered when it is also consistent, or when it was held long enough. */
  get due(): boolean {
    return this.#offered === undefined && this.#unanswered.length > 0
  }

  get consistent(): boolean {
    return this.#awaited.size === 0 && this.#received.complete
  }

  /** The first requests of a new stream. */
  open(): ClientRequest[] {
    this.#unanswered = []
    this.#judging = []
    this.#answered.clear()
    this.#lastNonce.clear()
    this.#awaited.clear()
    const { referenced } = this.#received
    for (const type of ['EDS', 'RDS'] as const) {
      this.#setSubscribed(type, referenced[type])
      this.#received.keepOnly(type, referenced[type])
    }
    const types = RESOURCE_TYPES.filter((type) => WILDCARD_TYPES.has(type) || this.#names(type).length > 0)
    for (const type of types) if (type !== 'WDS' && (this.#mode === 'sotw' || WILDCARD_TYPES.has(type))) this.#awaited.add(type)
    return types.map((type) => this.#request(type, { subscribe: this.#names(type), initialVersions: this.#versions(type) }))
  }

  /** Takes a response; what it newly refers to is asked for at once. */
  onResponse(response: ServerResponse): ClientRequest[] {
    const { type, nonce, snapshot } = response
    const { rejections, changed } = this.#received.take(response)
    if (changed) this.#changed.add(type)
    this.#snapshot = snapshot
    this.#lastNonce.set(type, nonce)
    this.#awaited.delete(type)
    if (this.#mode === 'sotw') this.#unanswered = this.#unanswered.filter((one) => one.type !== type)
    this.#unanswered.push({ type, nonce, snapshot, rejections: [...rejections] })
    return [...this.#follow('EDS'), ...this.#follow('RDS')]
  }

  /** The latest view; `settle` must follow with what its judge says. */
  offer(): Offer {
    const endpointsOnly = this.#hadView && [...this.#changed].every((type) => LANE.has(type))
    this.#changed.clear()
    this.#judging.push(...this.#unanswered)
    this.#unanswered = []
    this.#offers += 1
    this.#offered = { parts: this.#received.copy(), snapshot: this.#snapshot }
    return { view: viewOfHeld(this.#offered.parts, this.#snapshot), endpointsOnly }
  }

  /**
   * The offered view was judged. What was refused goes back to its last good form; then the view must be offered `again`,
   * else it is in force and the responses behind it are answered.
   */
  settle(rejections: readonly Rejection[]): { readonly again: boolean; readonly requests: readonly ClientRequest[] } {
    const offered = this.#offered
    if (offered === undefined) return { again: false, requests: [] }
    this.#offered = undefined
    this.#refused.push(...rejections)
    const reverted = rejections.filter((rejection) => this.#received.revert(rejection, offered.parts, this.#good))
    for (const { type } of reverted) this.#changed.add(type)
    if (reverted.length > 0 && this.#offers < MAX_OFFERS) return { again: true, requests: [...this.#follow('EDS'), ...this.#follow('RDS')] }
    if (rejections.length === 0) this.#good = offered.parts
    this.#hadView = rejections.length === 0
    this.#offers = 0
    return { again: false, requests: this.#answers() }
  }

  /** What is pending has changed: the latest answers are given anew where they are others now. */
  review(): ClientRequest[] {
    return [...this.#answered.values()].flatMap((answered) => {
      const { type, nonce, error } = answered
      const now = rejectionText(this.#rejectionsOf(answered))
      return now === error || nonce !== this.#lastNonce.get(type) ? [] : [this.#answer(answered)]
    })
  }

  #answers(): ClientRequest[] {
    const judged = this.#judging.splice(0)
    for (const rejection of this.#refused.splice(0)) this.#blame(judged, rejection)
    return [...judged.map((one) => this.#answer(one)), ...this.review()]
  }

  /** The newest response of its type is refused for it, be it one that was answered before. */
  #blame(judged: readonly Unanswered[], rejection: Rejection): void {
    const { type } = rejection
    const newest =
      this.#unanswered.findLast((one) => one.type === type) ?? judged.findLast((one) => one.type === type) ?? this.#answered.get(type)
    newest?.rejections.push(rejection)
  }

  #answer(response: Unanswered): ClientRequest {
    const { type, nonce, snapshot } = response
    const error = rejectionText(this.#rejectionsOf(response))
    if (error === undefined) this.#accepted.set(type, snapshot)
    this.#answered.set(type, { ...response, error })
    return this.#request(type, { nonce, error })
  }

  #rejectionsOf({ type, rejections }: Unanswered): Rejection[] {
    return [...rejections, ...this.#pending().filter((pending) => pending.type === type)]
  }

  /** What is pending is asked for again, so that there is a response to refuse; it is named all the same, so that its removal is told. */
  #versions(type: ResourceType): Record<string, string> {
    const versions = this.#received.versions(type)
    for (const pending of this.#pending()) if (pending.type === type && pending.resource in versions) versions[pending.resource] = PENDING
    return versions
  }

  /** Subscribes to what is referred to, and to nothing else. */
  #follow(type: 'EDS' | 'RDS'): ClientRequest[] {
    const wanted = this.#received.referenced[type]
    const subscribe = [...wanted].filter((name) => !this.#subscribed[type].has(name))
    const unsubscribe = [...this.#subscribed[type]].filter((name) => !wanted.has(name))
    if (subscribe.length + unsubscribe.length === 0) return []
    this.#setSubscribed(type, wanted)
    this.#received.keepOnly(type, wanted)
    return [this.#mode === 'delta' ? this.#request(type, { subscribe, unsubscribe }) : this.#renamed(type)]
  }

  /** A state-of-the-world request with new names answers the latest response too. */
  #renamed(type: ResourceType): ClientRequest {
    const index = this.#unanswered.findIndex((one) => one.type === type)
    const [latest] = index < 0 ? [] : this.#unanswered.splice(index, 1)
    if (latest !== undefined) return this.#answer(latest)
    return this.#request(type, { nonce: this.#lastNonce.get(type) ?? '' })
  }

  #request(type: ResourceType, parts: Partial<ClientRequest>): ClientRequest {
    const version = this.#accepted.get(type) ?? ''
    return {
      type,
      names: this.#names(type),
      subscribe: [],
      unsubscribe: [],
      initialVersions: {},
      nonce: '',
      version,
      error: undefined,
      ...parts,
    }
  }

  #names(type: ResourceType): string[] {
    return type === 'EDS' || type === 'RDS' ? [...this.#subscribed[type]].sort() : []
  }

  #setSubscribed(type: 'EDS' | 'RDS', names: ReadonlySet<string>): void {
    this.#subscribed[type].clear()
    for (const name of names) this.#subscribed[type].add(name)
  }
}
