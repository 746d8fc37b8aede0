import type { Resource } from '../resource.ts'
import { WILDCARD_TYPES, type ResourceType } from '../resource-type.ts'
import { Acceptance, type Stamp } from './acceptance.ts'
import { NameSet } from './name-set.ts'
import type { DeltaRequest, SotwRequest, TypeRequest, TypeResponse } from './request.ts'

/** Explicit name of "all there are". */
const ALL = '*'

/** Which part of what is due: what the client has just asked for, what changed, or what must go. */
export type Portion = 'asked' | 'changed' | 'gone'

/**
 * What one client has asked for and been sent of one type. Pure state: requests and views go in, due portions come out.
 * Works for both variants of the protocol; it keeps only the latest state, so that a slow client never queues.
 */
export class TypeSubscription {
  readonly type: ResourceType
  readonly #sotw: boolean
  #wildcard = false
  #namedOnce = false
  #started = false
  readonly #names = new NameSet()
  /** Asked for, not answered yet; it is sent even if the client seems to have it. */
  readonly #asked = new Set<string>()
  #firstAnswerDue = false
  /** What the client has been sent, or says that it has. */
  readonly #sent = new Map<string, Resource>()
  #current: ReadonlyMap<string, Resource> = NOTHING
  #stamp: Stamp = { snapshot: '', sequence: 0 }
  #changed: string[] = []
  #gone: string[] = []
  #changedSequence = 0
  readonly #acceptance = new Acceptance()

  constructor(type: ResourceType, mode: 'sotw' | 'delta') {
    this.type = type
    this.#sotw = mode === 'sotw'
  }

  get inFlight(): boolean {
    return this.#acceptance.inFlight
  }

  /** Names that are subscribed to, and their characters. */
  get room(): { readonly names: number; readonly chars: number } {
    return { names: this.#names.size, chars: this.#names.chars }
  }

  get facts() {
    const settled = this.#settled
    const accepted = settled && this.#acceptance.error === undefined
    return {
      settled,
      ...this.#acceptance.facts,
      ...(accepted ? { ackedSnapshot: this.#stamp.snapshot, ackedSequence: this.#stamp.sequence } : {}),
      changedSequence: this.#changedSequence,
      resources: this.#sent.size,
    }
  }

  /** The latest resources of this type, of which the client gets its part. */
  setCurrent(current: ReadonlyMap<string, Resource>, stamp: Stamp): void {
    if (this.#settled && this.#acceptance.error === undefined) this.#acceptance.accept(this.#stamp)
    if (this.#differs(current)) this.#changedSequence = stamp.sequence
    this.#current = current
    this.#stamp = stamp
    this.#compare()
  }

  /** Takes a request. One with an outdated nonce says nothing: the client will answer the newer response. */
  request(request: TypeRequest): void {
    if (request.nonce !== '' && !this.#acceptance.answer(request)) return
    const renamed = request.kind === 'sotw' ? this.#takeSotw(request) : this.#takeDelta(request)
    if (!renamed && this.#started) return this.#acceptance.answerLate(request)
    this.#started = true
    this.#compare()
  }

  due(portion: Portion): boolean {
    if (portion === 'asked') return this.#firstAnswerDue || this.#askedNames().length > 0
    return portion === 'changed' ? this.#changed.length > 0 : this.#gone.length > 0
  }

  take(portion: Portion, nonce: string): TypeResponse {
    const { resources, removed } = this.#sotw ? this.#sotwPortion(portion) : this.#deltaPortion(portion)
    for (const resource of resources) this.#sent.set(resource.name, resource)
    for (const name of removed) this.#sent.delete(name)
    this.#firstAnswerDue = false
    this.#asked.clear()
    this.#compare()
    const whole = this.#changed.length === 0 && this.#gone.length === 0
    this.#acceptance.sent({ nonce, stamp: this.#stamp, names: resources.map(({ name }) => name), whole })
    return { type: this.type, nonce, snapshot: this.#stamp.snapshot, resources, removed: this.#sotw ? [] : removed }
  }

  /** The client has all that it asked for, and has answered for it. */
  get #settled(): boolean {
    return this.#started && !this.inFlight && !this.due('asked') && !this.due('changed') && !this.due('gone')
  }

  /** Whether the client wants something else than before. */
  #takeSotw({ names }: SotwRequest): boolean {
    const named = names.filter((name) => name !== ALL)
    if (named.length > 0) this.#namedOnce = true
    const wildcard = names.includes(ALL) || (names.length === 0 && !this.#namedOnce && WILDCARD_TYPES.has(this.type))
    if (wildcard && !this.#wildcard) this.#firstAnswerDue = true
    const wanted = new Set(named)
    const same = wildcard === this.#wildcard && wanted.size === this.#names.size && named.every((name) => this.#names.has(name))
    this.#wildcard = wildcard
    if (same) return false
    for (const name of this.#names) if (!wanted.has(name)) this.#forget(name)
    for (const name of wanted) this.#ask(name)
    return true
  }

  /** Whether the client asks for something. */
  #takeDelta({ subscribe, unsubscribe, initialVersions }: DeltaRequest): boolean {
    // A map: looking up thousands of names in an object would intern each of them.
    const versions = new Map(Object.entries(initialVersions))
    if (!this.#started) this.#startDelta(subscribe, versions)
    for (const name of subscribe) {
      const version = versions.get(name)
      if (name === ALL) this.#wildcard = true
      else if (version === undefined || this.#sent.get(name)?.version !== version) this.#ask(name, true)
      else this.#names.add(name)
    }
    for (const name of unsubscribe) {
      if (name === ALL) this.#wildcard = false
      else this.#forget(name)
    }
    return subscribe.length + unsubscribe.length > 0
  }

  #startDelta(subscribe: readonly string[], initialVersions: ReadonlyMap<string, string>): void {
    this.#wildcard = subscribe.length === 0 && WILDCARD_TYPES.has(this.type)
    this.#firstAnswerDue = this.#wildcard || subscribe.includes(ALL)
    for (const [name, version] of initialVersions) this.#sent.set(name, { name, version, bytes: EMPTY })
  }

  #ask(name: string, again = false): void {
    if (this.#names.has(name) && !again) return
    this.#names.add(name)
    this.#asked.add(name)
  }

  #forget(name: string): void {
    this.#names.delete(name)
    this.#asked.delete(name)
    if (!this.#wildcard) this.#sent.delete(name)
  }

  /** Names that can be answered: in delta also those that do not exist, which is an answer too. */
  #askedNames(): string[] {
    return [...this.#asked].filter((name) => !this.#sotw || this.#current.has(name))
  }

  #wants(name: string): boolean {
    return this.#wildcard || this.#names.has(name)
  }

  /** Whether the client's part of these resources is another one than that of those before; the first are no change. */
  #differs(next: ReadonlyMap<string, Resource>): boolean {
    if (!this.#started || this.#current === NOTHING) return false
    for (const [name, { version }] of next) if (this.#wants(name) && this.#current.get(name)?.version !== version) return true
    for (const name of this.#current.keys()) if (this.#wants(name) && !next.has(name)) return true
    return false
  }

  #compare(): void {
    this.#changed = []
    for (const [name, { version }] of this.#current)
      if (this.#wants(name) && this.#sent.get(name)?.version !== version) this.#changed.push(name)
    this.#gone = [...this.#sent.keys()].filter((name) => !this.#current.has(name))
    // A name-by-name type has no removals in the state of the world: they follow from those of the type that names them.
    if (this.#sotw && !WILDCARD_TYPES.has(this.type)) for (const name of this.#gone.splice(0)) this.#sent.delete(name)
  }

  /** Wildcard types come whole, with what is to go still in the list until its turn; the others only as far as they changed. */
  #sotwPortion(portion: Portion): { resources: Resource[]; removed: string[] } {
    if (!WILDCARD_TYPES.has(this.type)) return { resources: this.#pick([...this.#askedNames(), ...this.#changed]), removed: [] }
    const wanted = [...this.#current.values()].filter(({ name }) => this.#wants(name))
    if (portion === 'gone') return { resources: wanted, removed: this.#gone }
    return { resources: [...wanted, ...this.#gone.flatMap((name) => this.#sent.get(name) ?? [])], removed: [] }
  }

  #deltaPortion(portion: Portion): { resources: Resource[]; removed: string[] } {
    if (portion === 'gone') return { resources: this.#pick([]), removed: this.#gone }
    const asked = this.#askedNames()
    return { resources: this.#pick([...asked, ...this.#changed]), removed: asked.filter((name) => !this.#current.has(name)) }
  }

  /** These, and what was refused before and is still wanted. */
  #pick(names: readonly string[]): Resource[] {
    const all = new Set([...names, ...this.#acceptance.refused.filter((name) => this.#wants(name))])
    return [...all].flatMap((name) => this.#current.get(name) ?? [])
  }
}

const EMPTY = new Uint8Array()
const NOTHING: ReadonlyMap<string, Resource> = new Map()
