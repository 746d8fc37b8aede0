import { idKey, type Finding } from '@mesh/core/config'
import { LIMITS } from '../limits.ts'
import { concernedBy, proxiesNow, type ConcernedProxy, type Proxies, type StatusFacts } from './question.ts'
import { absentSubject, subjectOf } from './subject.ts'
import { readWant, type Want } from './want.ts'

/** How far a set of objects has come. */
export interface Propagation {
  /** Whether all of them are in force as they are wanted. */
  readonly taken: boolean
  /** The snapshot in force, and its number in this pilot's life. */
  readonly snapshot: string
  readonly sequence: number
  readonly objects: readonly WantedObject[]
  /** Proxies that any of the objects concerns, and those of them that serve all that concerns them. */
  readonly concerned: number
  readonly serving: number
  /** The same by name, those that do not serve first; cut at a bound. */
  readonly proxies: readonly ProxyState[]
}

export interface WantedObject {
  readonly want: string
  readonly taken: boolean
  readonly concerned: number
  readonly serving: number
  /** Why it is not in force, as far as pilot knows. */
  readonly problem?: string
}

export interface ProxyState {
  readonly name: string
  readonly namespace: string
  readonly state: 'serving' | 'lagging' | 'refused'
  readonly reason?: string
  /** From the snapshot until it was accepted. */
  readonly ms?: number
}

export interface PropagationFacts extends StatusFacts {
  readonly findings: () => readonly Finding[]
}

/** Answers `?want=KIND/NAMESPACE/NAME@VERSION|@absent&want=...`; a text says what is wrong with the question. */
export function propagationOf(query: URLSearchParams, facts: PropagationFacts): Propagation | string {
  const texts = query.getAll('want')
  if (texts.length === 0 || texts.length > LIMITS.maxWants)
    return `ask with 1 to ${LIMITS.maxWants} times ?want=KIND/NAMESPACE/NAME@VERSION`
  const wants = texts.map(readWant)
  const wrong = wants.findIndex((want) => want === undefined)
  if (wrong >= 0) return `${JSON.stringify(texts[wrong])} is not KIND/NAMESPACE/NAME@VERSION or ...@absent`
  const moment: Moment = { facts, proxies: proxiesNow(facts), errorOf: errorsOf(facts) }
  const answers = wants.flatMap((want) => (want === undefined ? [] : answerOf(want, moment)))
  return {
    taken: answers.every(({ object }) => object.taken),
    snapshot: facts.ledger.hash,
    sequence: facts.ledger.sequence,
    objects: answers.map(({ object }) => object),
    ...joined(answers.flatMap(({ states }) => states)),
  }
}

/** What all that a question names is judged by. */
interface Moment {
  readonly facts: PropagationFacts
  readonly proxies: Proxies
  /** The first error about an object, by its key. */
  readonly errorOf: (key: string) => Finding | undefined
}

interface Answer {
  readonly object: WantedObject
  readonly states: readonly ProxyState[]
}

function answerOf(want: Want, moment: Moment): Answer {
  const { facts, proxies } = moment
  const { ledger } = facts
  const record = ledger.record(want.key)
  const taken = want.version === 'absent' ? record === undefined && !isQuarantined(want, facts) : record?.version === want.version
  const subject = record === undefined ? absentSubject(want.key, ledger, ledger.gone(want.key)) : subjectOf(want.key, record)
  const takenMs = ledger.takenMs(subject.since)
  const states = taken ? concernedBy(facts, proxies, subject).map((proxy) => stateOf(proxy, takenMs)) : []
  const object = { want: want.text, taken, concerned: states.length, serving: states.filter(isServing).length }
  const problem = taken ? undefined : problemOf(want, moment)
  return { object: problem === undefined ? object : { ...object, problem }, states }
}

function stateOf({ name, namespace, standing }: ConcernedProxy, takenMs: number | undefined): ProxyState {
  if (standing.state !== 'serving') return { name, namespace, ...standing }
  const ms = standing.atMs === undefined || takenMs === undefined ? undefined : Math.max(0, Math.round(standing.atMs - takenMs))
  return { name, namespace, state: 'serving', ...(ms === undefined ? {} : { ms }) }
}

/** Each proxy once, as it stands to the object with which it is worst off. */
function joined(states: readonly ProxyState[]): Pick<Propagation, 'concerned' | 'serving' | 'proxies'> {
  const worst = new Map<string, ProxyState>()
  for (const state of states) {
    const key = `${state.namespace}/${state.name}`
    const known = worst.get(key)
    if (known === undefined || rank(state) < rank(known) || (isServing(state) && isServing(known) && (state.ms ?? 0) > (known.ms ?? 0)))
      worst.set(key, state)
  }
  const proxies = [...worst.values()].sort((left, right) => rank(left) - rank(right))
  return { concerned: proxies.length, serving: proxies.filter(isServing).length, proxies: proxies.slice(0, LIMITS.maxProxiesOfPage) }
}

function rank({ state }: ProxyState): number {
  return state === 'refused' ? 0 : state === 'lagging' ? 1 : 2
}

function isServing({ state }: ProxyState): boolean {
  return state === 'serving'
}

function isQuarantined({ key }: Want, { snapshot }: StatusFacts): boolean {
  return snapshot()?.quarantined.some((policy) => idKey(policy) === key) === true
}

/** The first error about the object, else what is in force instead. */
function problemOf({ key, version }: Want, { facts, errorOf }: Moment): string | undefined {
  const error = errorOf(key)
  if (error !== undefined) return `${error.code} ${error.message}`
  const record = facts.ledger.record(key)
  if (record === undefined) return undefined
  return version === 'absent' ? 'it is still in force' : `another content of it is in force (${record.version})`
}

/** Gathers the findings when an object is first asked for: those of all views are many. */
function errorsOf({ findings }: PropagationFacts): Moment['errorOf'] {
  let gathered: ReadonlyMap<string, Finding> | undefined
  return (key) => (gathered ??= firstErrors(findings())).get(key)
}

function firstErrors(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return new Map(errors.toReversed().map((error) => [idKey(error.origin), error]))
}
