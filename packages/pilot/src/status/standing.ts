import { tracedNames } from '@mesh/core/compile'
import type { ResourceType, TypeStatus } from '@mesh/xds'
import { namesIn, partOf, typesWith, type ProxyTrack } from './tracks.ts'

/** An object as a question: who serves it as it is since a snapshot? */
export interface Subject {
  /** Keys by which it is found in views. */
  readonly traces: readonly string[]
  /** Number of the snapshot that brought it, changed it last, or took it away. */
  readonly since: number
  /** Whatever it says holds for all proxies. */
  readonly everyone: boolean
}

/** How a proxy stands to an object that concerns it; `atMs` is monotonic, absent when it was long ago. */
export type Standing =
  | { readonly state: 'serving'; readonly atMs?: number }
  | { readonly state: 'lagging' | 'refused'; readonly reason: string }

/** The types by which an object concerns a proxy: those in which it stands, or stood before its last change. */
export function typesConcerned(track: ProxyTrack, { traces, since, everyone }: Subject): readonly ResourceType[] {
  if (everyone) return [...new Set([...ALWAYS, ...track.status.types.map(({ type }) => type)])]
  return [...new Set([...typesWith(track.view, traces), ...track.before(traces, since)])]
}

/** Judges a proxy that an object concerns in these types; `nowMs` is monotonic. */
export function standingOf(track: ProxyTrack, subject: Subject, types: readonly ResourceType[], nowMs: number): Standing {
  const verdicts = types.map((type) => verdictOf(track, subject, type, nowMs))
  const worst = verdicts.find((one) => one?.state === 'refused') ?? verdicts.find((one) => one?.state === 'lagging')
  if (worst !== undefined) return worst
  const asked = types.filter((type) => typeOf(track, type) !== undefined)
  const atMs = track.servedMs(asked, subject.since)
  return { state: 'serving', ...(atMs === undefined ? {} : { atMs }) }
}

/** Undefined: nothing stands against it in this type. */
function verdictOf(track: ProxyTrack, subject: Subject, type: ResourceType, nowMs: number): Standing | undefined {
  const status = typeOf(track, type)
  if (status === undefined) return unasked(track, type)
  if (status.ackedSequence >= subject.since) return undefined
  if (status.error !== undefined && status.settled)
    return status.errorSequence >= subject.since && isMeant(track, subject, status) ? refused(status) : undefined
  return { state: 'lagging', reason: lagOf(track, status, nowMs) }
}

/** A type that the proxy has not asked for: it may still have to accept what leads there, or it has no use for it. */
function unasked(track: ProxyTrack, type: ResourceType): Standing | undefined {
  const leads = LEADS_TO[type]
  if (leads === undefined) return undefined
  const status = typeOf(track, leads)
  if (status?.error !== undefined && status.settled) return refused(status)
  return status === undefined || status.ackedSequence === 0
    ? { state: 'lagging', reason: 'it has connected, and not accepted its first view yet' }
    : undefined
}

/** What every proxy asks for. */
const ALWAYS: readonly ResourceType[] = ['CDS', 'LDS']

/** Names in a type come from another one; nobody needs workloads to serve. */
const LEADS_TO: Readonly<Partial<Record<ResourceType, ResourceType>>> = { LDS: 'LDS', CDS: 'CDS', RDS: 'LDS', EDS: 'CDS' }

function refused({ type, error = '' }: TypeStatus): Standing {
  return { state: 'refused', reason: error.startsWith(type) ? error : `${type}: ${error}` }
}

/** A refusal names what it refuses, and the rest of the response holds; one that names nothing known refuses all of it. */
function isMeant({ view }: ProxyTrack, subject: Subject, { type, error = '' }: TypeStatus): boolean {
  if (subject.everyone || MORE.test(error)) return true
  const named = namesIn(view, type).filter((name) => error.includes(name))
  const own = tracedNames(view, partOf(type), subject.traces)
  return named.length === 0 || own.length === 0 || named.some((name) => own.includes(name))
}

/** How the text of a refusal ends that had no room for all names. */
const MORE = /; and \d+ more$/

function lagOf(track: ProxyTrack, { type, sentNonce, ackedNonce }: TypeStatus, nowMs: number): string {
  const sentMs = track.sentMs(type)
  if (sentNonce === '' || sentNonce === ackedNonce || sentMs === undefined) return `${type} waits for what it has to accept before`
  return `it has not answered ${type} for ${seconds(nowMs - sentMs)}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function typeOf({ status }: ProxyTrack, type: ResourceType): TypeStatus | undefined {
  return status.types.find((one) => one.type === type)
}
