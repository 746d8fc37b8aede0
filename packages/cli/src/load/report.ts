import { paint } from '../output/print.ts'
import { quantile } from '../output/quantile.ts'
import { safeLines } from '../output/terminal-safe.ts'
import type { LoadResult } from './send-all.ts'
import type { Split } from './splits.ts'

/** What a load run found; times in milliseconds. */
export interface LoadReport {
  readonly ok: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** By status, or by the error where there was no answer. */
  readonly failures: readonly Failure[]
  /** Which versions served, of each service that more than one version served. */
  readonly splits: readonly Split[]
}

interface Failure {
  readonly what: string
  readonly count: number
  /** Request id of one of them, for `meshctl explain`. */
  readonly id?: string
}

export function loadReport(results: readonly LoadResult[], splits: readonly Split[]): LoadReport {
  const bad = results.filter(isFailure)
  const times = results.map((one) => one.tookMs).sort((left, right) => left - right)
  return {
    ok: results.length - bad.length,
    failed: bad.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: quantile(times, 1),
    failures: failuresOf(bad),
    splits: splits.filter((split) => split.versions.length > 1),
  }
}

/** One line of facts, and a line for each kind of failure. */
export function loadText(report: LoadReport): string {
  const { ok, failed, p50Ms, p99Ms, failures, splits } = report
  const counts = `${ok} ok, ${failed > 0 ? paint('red', `${failed} failed`) : '0 failed'}`
  const shares = splits.map((split) => splitText(split, ok + failed))
  const head = [counts, `p50 ${milliseconds(p50Ms)} p99 ${milliseconds(p99Ms)}`, ...shares].join(' · ')
  return safeLines([head, ...failures.map(failureLine)])
}

/** Proxies count the calls of all callers: more of them than requests are not these requests alone. */
function splitText({ service, versions }: Split, requests: number): string {
  const calls = versions.reduce((sum, { count }) => sum + count, 0)
  const whose = calls > requests ? ` (of all ${calls} calls meanwhile)` : ''
  return `${service} ${versions.map(({ version, count }) => `${version} ${count}`).join(', ')}${whose}`
}

function failureLine({ what, count, id }: Failure): string {
  return `  ${count} x ${what}${id === undefined ? '' : ` · why: meshctl explain ${id.slice(0, 8)}`}`
}

function failuresOf(bad: readonly LoadResult[]): readonly Failure[] {
  const groups = Map.groupBy(bad, (one) => (one.status === 0 ? (one.error ?? 'no answer') : String(one.status)))
  return [...groups]
    .map(([what, all]) => {
      const id = all.find((one) => one.id !== undefined)?.id
      return { what, count: all.length, ...(id === undefined ? {} : { id }) }
    })
    .sort((left, right) => right.count - left.count)
}

function isFailure({ status }: LoadResult): boolean {
  return status === 0 || status >= 400
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
}
