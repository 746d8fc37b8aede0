import { viewTraces, type ViewPart } from '@mesh/core/compile'
import type { NodeSelf, View } from '@mesh/core/view'
import { RESOURCE_TYPES, type ClientStatus, type ResourceType } from '@mesh/xds'
import { LIMITS } from '../limits.ts'
import type { LedgerChange } from './ledger.ts'

/** One connected proxy: how far it is, and what the last snapshots changed for it. */
export interface ProxyTrack {
  readonly status: ClientStatus
  /** The view that is being served to it, and the number of the snapshot that it was made of. */
  readonly view: View
  readonly sequence: number
  /** In which types an object stood, by its keys, before snapshot `since` changed it. */
  before(traces: readonly string[], since: number): readonly ResourceType[]
  /** The types that snapshot `sequence` changed for it. */
  touched(sequence: number): readonly ResourceType[]
  /** When it first was known to serve a snapshot as new as `sequence` in these types; monotonic milliseconds, undefined of one long ago. */
  servedMs(types: readonly ResourceType[], sequence: number): number | undefined
  /** When the last response of a type was sent. */
  sentMs(type: ResourceType): number | undefined
}

const PART_OF: Readonly<Record<ResourceType, ViewPart>> = {
  LDS: 'listeners',
  RDS: 'routes',
  CDS: 'clusters',
  EDS: 'endpoints',
  WDS: 'workloads',
}

/** The part of a view that travels by a type. */
export function partOf(type: ResourceType): ViewPart {
  return PART_OF[type]
}

/** The names of everything that a view holds of a type. */
export function namesIn(view: View, type: ResourceType): readonly string[] {
  switch (type) {
    case 'WDS':
      return view.workloads.map(({ uid }) => uid)
    case 'EDS':
      return view.endpoints.map(({ cluster }) => cluster)
    default:
      return view[type === 'LDS' ? 'listeners' : type === 'RDS' ? 'routes' : 'clusters'].map(({ name }) => name)
  }
}

/** In which types of a view an object stands, by its keys. */
export function typesWith(view: View, traces: readonly string[]): readonly ResourceType[] {
  const of = viewTraces(view)
  return RESOURCE_TYPES.filter((type) => traces.some((trace) => of[PART_OF[type]].has(trace)))
}

/** Follows the connected proxies by what the server of views tells. */
export class ProxyTracks {
  readonly #now: () => number
  /** By the node object of its stream, which no other stream has. */
  readonly #tracks = new WeakMap<NodeSelf, Track>()
  readonly #connected = new Set<Track>()
  readonly #changes: LedgerChange[] = []
  readonly #lost = new Map<string, number>()

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  get connected(): readonly ProxyTrack[] {
    return [...this.#connected]
  }

  /** When a proxy that is not connected was last; by `NAMESPACE/NAME`. */
  lostMs(name: string): number | undefined {
    return this.#lost.get(name)
  }

  onSnapshot(change: LedgerChange): void {
    this.#changes.push(change)
    if (this.#changes.length > LIMITS.maxTrackedSnapshots) this.#changes.shift()
  }

  /** A stream is about to be served the view of the snapshot in force. */
  onView(node: NodeSelf, view: View): void {
    const latest = this.#changes.at(-1)?.sequence ?? 0
    const known = this.#tracks.get(node)
    if (known === undefined) this.#tracks.set(node, new Track(view, latest))
    else known.turn(view, this.#changes, latest)
  }

  onStatus(status: ClientStatus, closed: boolean): void {
    const track = this.#tracks.get(status.node)
    if (track === undefined) return
    const name = `${status.node.namespace}/${status.node.name}`
    if (closed) {
      this.#connected.delete(track)
      this.#lose(name)
      return
    }
    track.note(status, this.#now())
    this.#connected.add(track)
    this.#lost.delete(name)
  }

  #lose(name: string): void {
    if (this.#lost.size >= LIMITS.maxLostProxies) this.#lost.delete(this.#lost.keys().next().value ?? '')
    this.#lost.set(name, this.#now())
  }
}

interface Step {
  readonly sequence: number
  readonly atMs: number
}

class Track implements ProxyTrack {
  view: View
  sequence: number
  #status: ClientStatus | undefined
  /** Steps up to this one are not known any more. */
  #forgotten = 0
  readonly #before = new Map<string, { readonly since: number; readonly types: readonly ResourceType[] }>()
  readonly #touched = new Map<number, readonly ResourceType[]>()
  readonly #steps = new Map<ResourceType, Step[]>()
  readonly #sent = new Map<ResourceType, { readonly nonce: string; readonly atMs: number }>()

  constructor(view: View, sequence: number) {
    this.view = view
    this.sequence = sequence
  }

  get status(): ClientStatus {
    if (this.#status === undefined) throw new Error('a track is shown before its first status')
    return this.#status
  }

  turn(view: View, changes: readonly LedgerChange[], latest: number): void {
    for (const { sequence, traces } of changes) if (sequence > this.sequence) this.#remember(sequence, traces)
    this.view = view
    this.sequence = latest
  }

  note(status: ClientStatus, nowMs: number): void {
    this.#status = status
    for (const { type, ackedSequence, changedSequence, sentNonce } of status.types) {
      if (changedSequence === status.sequence) this.#touch(changedSequence, type)
      if (this.#sent.get(type)?.nonce !== sentNonce) this.#sent.set(type, { nonce: sentNonce, atMs: nowMs })
      this.#step(type, ackedSequence, nowMs)
    }
  }

  before(traces: readonly string[], since: number): readonly ResourceType[] {
    return [...new Set(traces.flatMap((trace) => this.#stood(trace, since)))]
  }

  touched(sequence: number): readonly ResourceType[] {
    return this.#touched.get(sequence) ?? []
  }

  servedMs(types: readonly ResourceType[], sequence: number): number | undefined {
    const times = types.map((type) => this.#steps.get(type)?.find((step) => step.sequence >= sequence)?.atMs)
    return times.includes(undefined) || times.length === 0 || sequence <= this.#forgotten ? undefined : Math.max(...times.map(Number))
  }

  sentMs(type: ResourceType): number | undefined {
    return this.#sent.get(type)?.atMs
  }

  #stood(trace: string, since: number): readonly ResourceType[] {
    const found = this.#before.get(trace)
    return found?.since === since ? found.types : []
  }

  #remember(since: number, traces: readonly string[]): void {
    for (const trace of traces) {
      const types = [...new Set([...typesWith(this.view, [trace]), ...this.#unserved(trace)])]
      this.#before.delete(trace)
      if (types.length > 0) this.#before.set(trace, { since, types })
      if (this.#before.size > LIMITS.maxTracesPerProxy) this.#before.delete(this.#before.keys().next().value ?? '')
    }
  }

  /** Where an earlier form of an object stood that the proxy has not left yet. */
  #unserved(trace: string): readonly ResourceType[] {
    const earlier = this.#before.get(trace)
    return earlier?.types.filter((type) => this.#status?.types.some((one) => one.type === type && one.ackedSequence < earlier.since)) ?? []
  }

  #touch(sequence: number, type: ResourceType): void {
    const types = this.#touched.get(sequence) ?? []
    if (!types.includes(type)) this.#touched.set(sequence, [...types, type])
    if (this.#touched.size > LIMITS.maxTrackedSnapshots) this.#touched.delete(this.#touched.keys().next().value ?? 0)
  }

  #step(type: ResourceType, sequence: number, atMs: number): void {
    const steps = this.#steps.get(type) ?? []
    this.#steps.set(type, steps)
    if ((steps.at(-1)?.sequence ?? 0) < sequence) steps.push({ sequence, atMs })
    if (steps.length > LIMITS.maxStepsPerType) this.#forgotten = Math.max(this.#forgotten, steps.shift()?.sequence ?? 0)
  }
}
