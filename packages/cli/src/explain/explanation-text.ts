import { originName, type Origin } from '@mesh/core/origin'
import type { Reason } from '@mesh/core/engine'
import type { Explanation } from '@mesh/core/explain'
import { shownPlace } from '../output/place.ts'
import { paint } from '../output/print.ts'
import { safeLines } from '../output/terminal-safe.ts'

export interface AskedRequest {
  readonly method: string
  readonly url: string
  readonly from: string
  readonly snapshot: string
}

/** The explanation for people: a line for each step, with the place that decided it, and what follows. */
export function explanationText(asked: AskedRequest, explanation: Explanation): string {
  const head = `${paint('bold', `${asked.method} ${asked.url}`)} from ${asked.from} (snapshot ${asked.snapshot})`
  return safeLines([head, ...explanation.reasons.flatMap(reasonLines), `=> ${outcomeText(explanation)}`])
}

/** The same as plain values. */
export function explanationValue(asked: AskedRequest, { reasons, outcome }: Explanation): unknown {
  if (outcome.kind === 'reply') {
    const { status, flag, details, route } = outcome
    return { ...asked, outcome: { kind: 'reply', status, flag, details, ...(route === undefined ? {} : { route: route.name }) }, reasons }
  }
  const shares = outcome.shares.map(({ target, percent, cluster, endpoints }) => ({
    cluster: target.cluster,
    percent,
    known: cluster !== undefined,
    endpoints: endpoints.map(({ endpoint, ...verdict }) => ({
      address: endpoint.address,
      port: endpoint.port,
      workload: endpoint.workload?.workload,
      ...verdict,
    })),
  }))
  const { timeoutMs, tries, fault, route } = outcome
  return {
    ...asked,
    outcome: { kind: 'forward', route: route.name, shares, timeoutMs, tries, ...(fault === undefined ? {} : { fault }) },
    reasons,
  }
}

function reasonLines(reason: Reason): readonly string[] {
  const misses = (reason.nearMisses ?? []).map((miss) => `${' '.repeat(14)}not ${miss.what}: ${miss.why}${placeText(miss.origin)}`)
  return [`  ${reason.stage.padEnd(12)}${reason.outcome}${placeText(reason.origin)}`, ...misses]
}

function placeText(origin: Origin | undefined): string {
  if (origin === undefined) return ''
  const place = shownPlace(origin)
  const name = originName(origin)
  return `  ${paint('dim', place === name ? `[${name}]` : `[${name} ${place}]`)}`
}

function outcomeText({ outcome }: Explanation): string {
  if (outcome.kind === 'reply') {
    const flag = outcome.flag === '-' ? '' : ` ${outcome.flag}`
    return paint(outcome.status >= 400 ? 'red' : 'green', `answered by the proxy: ${outcome.status}${flag} (${outcome.details})`)
  }
  const abort = outcome.fault?.abort
  if (abort !== undefined && isCertain(abort)) return paint('red', `answered by the proxy: ${abort.status} FI (fault_filter_abort)`)
  const faults = faultTexts(outcome.fault)
  const shares = outcome.shares.map((share) => `${Number(share.percent.toFixed(4))} % ${share.target.cluster}`).join(', ')
  const timeout = outcome.timeoutMs === 0 ? 'no timeout' : `timeout ${outcome.timeoutMs} ms`
  const what = `${[...faults, shares].join('; ')}; ${timeout}; ${outcome.tries} ${outcome.tries === 1 ? 'try' : 'tries'}`
  const verdicts = outcome.shares.flatMap((share) => share.endpoints)
  if (verdicts.length === 0) return `${what}; ${isOutside(outcome.shares) ? 'outside the mesh' : paint('red', 'no endpoint: 503')}`
  return `${what}; mTLS to ${count(verdicts, (one) => one.security === 'mtls')}, ${authorizationText(verdicts)}`
}

/** It happens to every request (Envoy counts in parts per million). */
export function isCertain({ partsPerMillion }: { readonly partsPerMillion: number }): boolean {
  return partsPerMillion >= 1_000_000
}

function faultTexts(fault: Extract<Explanation['outcome'], { kind: 'forward' }>['fault']): readonly string[] {
  const share = ({ partsPerMillion }: { readonly partsPerMillion: number }): string => `${partsPerMillion / 10_000} %`
  return [
    ...(fault?.delay === undefined ? [] : [`${share(fault.delay)} wait ${fault.delay.ms} ms`]),
    ...(fault?.abort === undefined ? [] : [paint('red', `${share(fault.abort)} answered by the proxy: ${fault.abort.status} FI`)]),
  ]
}

type Shares = Extract<Explanation['outcome'], { kind: 'forward' }>['shares']
type Verdict = Shares[number]['endpoints'][number]

/** To the address that the caller asked for. */
export function isOutside(shares: Shares): boolean {
  return shares.some((share) => share.cluster?.cluster.discovery.kind === 'original-dst')
}

function authorizationText(verdicts: readonly Verdict[]): string {
  const denied = verdicts.filter((one) => one.refused || one.authorization === 'denied')
  if (denied.length === verdicts.length && verdicts.length > 0) return paint('red', 'denied by all')
  if (denied.length > 0) return paint('red', `denied by ${count(verdicts, (one) => denied.includes(one))}`)
  const unknown = verdicts.filter((one) => one.authorization === 'unknown')
  if (unknown.length === 0) return paint('green', 'allowed')
  const why = verdicts.some((one) => one.endpoint.workload !== undefined) ? 'no view of its proxy' : 'outside the mesh'
  return `authorization unknown at ${count(verdicts, (one) => unknown.includes(one))} (${why})`
}

function count(verdicts: readonly Verdict[], test: (verdict: Verdict) => boolean): string {
  return `${verdicts.filter(test).length} of ${verdicts.length} ${verdicts.length === 1 ? 'endpoint' : 'endpoints'}`
}
