import type { Finding, Severity } from '@mesh/core/config'
import { LIMITS } from '../limits.ts'
import { concernedBy, type ConcernedProxy, type Proxies, type StatusFacts } from './question.ts'
import type { ObjectRecord } from './ledger.ts'
import { subjectOf } from './subject.ts'

/** Kubernetes' and Istio's form of what became of an object, with who serves it. */
export interface ObjectStatus {
  /** The generation that is in force; absent where none is. */
  readonly observedGeneration?: number
  readonly conditions: readonly Condition[]
  /** Istio `validationMessages`: what is to be said about it. */
  readonly validationMessages?: readonly ValidationMessage[]
  readonly proxies: ProxyCounts
}

/** Kubernetes `meta.v1.Condition`. */
export interface Condition {
  readonly type: 'PassedAnalysis' | 'Reconciled'
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
  readonly observedGeneration?: number
}

/** Istio `analysis.v1alpha1.AnalysisMessageBase`, and the words. */
export interface ValidationMessage {
  readonly type: { readonly code: string }
  readonly level: 'ERROR' | 'WARNING' | 'INFO'
  readonly documentationUrl: string
  readonly message: string
  /** `FILE:LINE:COLUMN`. */
  readonly place?: string
}

export interface ProxyCounts {
  readonly concerned: number
  readonly serving: number
  readonly lagging: readonly NamedProxy[]
  readonly refused: readonly NamedProxy[]
}

export interface NamedProxy {
  /** `NAME.NAMESPACE`. */
  readonly name: string
  readonly reason: string
}

/** The status of an object in force: what analysis says of it, and how many of the proxies that it concerns serve it. */
export function statusInForce(
  facts: StatusFacts,
  proxies: Proxies,
  key: string,
  record: ObjectRecord,
  findings: readonly Finding[],
): ObjectStatus {
  const concerned = concernedBy(facts, proxies, subjectOf(key, record))
  const counts = countsOf(concerned)
  return {
    observedGeneration: record.generation,
    conditions: [analysisOf(findings, record.generation), reconciledOf(counts, facts.ledger.hash, record.generation)],
    ...messagesOf(findings),
    proxies: counts,
  }
}

/** The status of an object that is not in force: it is broken, and was never understood. */
export function statusNotInForce(findings: readonly Finding[], closed: boolean): ObjectStatus {
  const message = closed
    ? 'it cannot be understood, so what it selects takes no requests'
    : 'it cannot be understood, and no earlier form of it is known'
  return {
    conditions: [
      analysisOf(findings, undefined),
      { type: 'Reconciled', status: 'False', reason: closed ? 'Quarantined' : 'NotInForce', message },
    ],
    ...messagesOf(findings),
    proxies: { concerned: 0, serving: 0, lagging: [], refused: [] },
  }
}

function countsOf(proxies: readonly ConcernedProxy[]): ProxyCounts {
  const named = (state: 'lagging' | 'refused'): readonly NamedProxy[] =>
    proxies
      .flatMap(({ name, namespace, standing }) =>
        standing.state === state ? { name: `${name}.${namespace}`, reason: standing.reason } : [],
      )
      .slice(0, LIMITS.maxProxiesOfStatus)
  const serving = proxies.filter(({ standing }) => standing.state === 'serving').length
  return { concerned: proxies.length, serving, lagging: named('lagging'), refused: named('refused') }
}

function reconciledOf({ concerned, serving, refused }: ProxyCounts, snapshot: string, observedGeneration: number): Condition {
  const done = serving === concerned
  const reason = done ? (concerned === 0 ? 'ConcernsNoProxy' : 'Served') : refused.length > 0 ? 'Refused' : 'Lagging'
  const message = concerned === 0 ? 'it concerns no proxy' : `${serving}/${concerned} proxies serve it, on ${snapshot}`
  return { type: 'Reconciled', status: done ? 'True' : 'False', reason, message, observedGeneration }
}

function analysisOf(findings: readonly Finding[], observedGeneration: number | undefined): Condition {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const reason = errors > 0 ? 'ErrorsFound' : warnings > 0 ? 'WarningsFound' : 'NoIssuesFound'
  const kept = findings.some(({ code }) => code === 'MESH0006') ? '; its last good form is in force' : ''
  const message = `${count(errors, 'error')}, ${count(warnings, 'warning')}${kept}`
  const of = observedGeneration === undefined ? {} : { observedGeneration }
  return { type: 'PassedAnalysis', status: errors > 0 ? 'False' : 'True', reason, message, ...of }
}

function messagesOf(findings: readonly Finding[]): Pick<ObjectStatus, 'validationMessages'> {
  if (findings.length === 0) return {}
  return {
    validationMessages: findings.map(({ code, severity, message, fix, origin, docs }) => ({
      type: { code },
      level: LEVELS[severity],
      documentationUrl: docs,
      message: fix === undefined ? message : `${message} ${fix}`,
      ...(origin.file === undefined ? {} : { place: `${origin.file}:${origin.line ?? 1}:${origin.column ?? 1}` }),
    })),
  }
}

function count(number: number, what: string): string {
  return `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`
}

const LEVELS: Readonly<Record<Severity, ValidationMessage['level']>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }
