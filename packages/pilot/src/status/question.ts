import type { Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import { expectedProxies } from './absent.ts'
import type { Ledger } from './ledger.ts'
import { standingOf, typesConcerned, type Standing, type Subject } from './standing.ts'
import { typesWith, type ProxyTrack, type ProxyTracks } from './tracks.ts'

/** What questions about propagation are answered from. */
export interface StatusFacts {
  readonly ledger: Ledger
  readonly tracks: ProxyTracks
  readonly snapshot: () => Snapshot | undefined
  readonly viewOf: (node: NodeSelf) => View | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** A proxy that an object concerns. */
export interface ConcernedProxy {
  readonly name: string
  readonly namespace: string
  readonly standing: Standing
}

/** An object as it is or was, with what its history says of proxies that cannot be asked. */
export interface AskedSubject extends Subject {
  /** Its last change happened while this pilot lived: an absent proxy may still have what was before. */
  readonly changed: boolean
}

/** The proxies of one moment, to which any number of objects can be asked. */
export interface Proxies {
  readonly connected: readonly ProxyTrack[]
  readonly absent: readonly NodeSelf[]
}

/** Connected ones, the newest stream of each, and registered ones that are not connected. */
export function proxiesNow({ tracks, snapshot }: StatusFacts): Proxies {
  const newest = new Map<string, ProxyTrack>()
  for (const track of tracks.connected) {
    const { node, connectedAtMs } = track.status
    const known = newest.get(addressOf(node))
    if (known === undefined || known.status.connectedAtMs <= connectedAtMs) newest.set(addressOf(node), track)
  }
  const connected = [...newest.values()]
  const names = new Set(connected.map(({ status }) => nameOf(status.node)))
  const current = snapshot()
  return { connected, absent: current === undefined ? [] : expectedProxies(current).filter((node) => !names.has(nameOf(node))) }
}

/** How each proxy stands that an object concerns. */
export function concernedBy(facts: StatusFacts, { connected, absent }: Proxies, subject: AskedSubject): readonly ConcernedProxy[] {
  const nowMs = facts.now()
  const asked = connected.map((track) => ({ track, types: typesConcerned(track, subject) }))
  const traced = asked.some(({ types }) => types.length > 0)
  return [
    ...asked.flatMap(({ track, types }) => {
      if (track.sequence < subject.since) return { ...idOf(track.status.node), standing: UNMADE }
      // An object that leaves no trace in any view concerns those for whom the same snapshot changed something.
      const all = traced ? types : track.touched(subject.since)
      return all.length === 0 ? [] : { ...idOf(track.status.node), standing: standingOf(track, subject, all, nowMs) }
    }),
    ...absent
      .filter((node) => subject.changed || subject.everyone || isIn(facts.viewOf(node), subject))
      .map((node) => ({ ...idOf(node), standing: absence(facts, node) })),
  ]
}

/** Whether the object concerns it is known when its view is made. */
const UNMADE: Standing = { state: 'lagging', reason: 'its view is being made' }

function isIn(view: View | undefined, { traces }: Subject): boolean {
  return view !== undefined && typesWith(view, traces).length > 0
}

function absence({ tracks, now }: StatusFacts, node: NodeSelf): Standing {
  const lostMs = tracks.lostMs(nameOf(node))
  const since = lostMs === undefined ? '' : ` for ${((now() - lostMs) / 1000).toFixed(1)} s`
  return { state: 'lagging', reason: `it is not connected to pilot${since}, and goes by what it was served last` }
}

function idOf({ name, namespace }: NodeSelf): { readonly name: string; readonly namespace: string } {
  return { name, namespace }
}

function nameOf({ name, namespace }: NodeSelf): string {
  return `${namespace}/${name}`
}

function addressOf(node: NodeSelf): string {
  return `${nameOf(node)} ${node.address}`
}
