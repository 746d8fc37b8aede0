import { quantile } from '../output/quantile.ts'
import { calledName } from '../records/record-words.ts'
import type { Fresh } from '../records/follow-records.ts'
import { endMs, type SeenRecord } from '../records/seen-record.ts'
import type { ShortNames } from '../records/short-names.ts'

/** How those who were called did in the window. */
export interface Row {
  readonly name: string
  readonly service: string
  /** Calls and connections a second. */
  readonly rate: number
  /** 0 to 1: no 5xx and no broken connection. */
  readonly success: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Response flags, the most frequent first. */
  readonly flags: readonly (readonly [flag: string, calls: number])[]
}

interface Kept {
  readonly proxy: string
  readonly record: SeenRecord
}

export interface CallWindowOptions {
  readonly windowMs: number
  /** Of more calls the last ones are kept. */
  readonly maxCalls: number
}

/** The calls of the last seconds. */
export class CallWindow {
  readonly #windowMs: number
  readonly #maxCalls: number
  #kept: Kept[] = []
  /** Since when all calls that are known are kept, Unix milliseconds. */
  #keptSince = 0
  /** Since when a proxy's calls are known without a gap, Unix milliseconds. */
  readonly #since = new Map<string, number>()

  constructor({ windowMs, maxCalls }: CallWindowOptions) {
    this.#windowMs = windowMs
    this.#maxCalls = maxCalls
  }

  /** Takes what came, and forgets what is too old. */
  take({ seen, gaps }: Fresh, nowMs: number): void {
    for (const { at, sinceMs } of gaps) this.#since.set(at.name, sinceMs)
    for (const { at, record } of seen) if (isOne(record)) this.#kept.push({ proxy: at.name, record })
    this.#kept = this.#kept.filter(({ proxy, record }) => endMs(record) >= this.#from(proxy, nowMs))
    if (this.#kept.length > this.#maxCalls) this.#keepLast()
  }

  #keepLast(): void {
    this.#kept = this.#kept.toSorted((a, b) => endMs(a.record) - endMs(b.record)).slice(-this.#maxCalls)
    const [oldest] = this.#kept
    if (oldest !== undefined) this.#keptSince = endMs(oldest.record)
  }

  /** Since when the calls of a proxy are known. */
  #from(proxy: string, nowMs: number): number {
    return Math.max(nowMs - this.#windowMs, this.#keptSince, this.#since.get(proxy) ?? 0)
  }

  /** One row for each that was called, the busiest first. */
  rows(nowMs: number, names: ShortNames): readonly Row[] {
    const groups = Map.groupBy(this.#kept, ({ record }) => `${calledName(record, names)}\n${record.service?.name ?? '-'}`)
    const rows = [...groups].map(([key, kept]) => this.#row(key, kept, nowMs))
    return rows.toSorted((a, b) => b.rate - a.rate || (a.name < b.name ? -1 : 1))
  }

  #row(key: string, kept: readonly Kept[], nowMs: number): Row {
    const [name = '', service = ''] = key.split('\n')
    const times = kept.map(({ record }) => record.durationMs).toSorted((a, b) => a - b)
    return {
      name,
      service,
      rate: this.#rate(kept, nowMs),
      success: kept.filter(({ record }) => isGood(record)).length / kept.length,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      flags: countFlags(kept),
    }
  }

  #rate(kept: readonly Kept[], nowMs: number): number {
    const calls = new Map<string, number>()
    for (const { proxy } of kept) calls.set(proxy, (calls.get(proxy) ?? 0) + 1)
    return [...calls].reduce((sum, [proxy, count]) => sum + (count * 1000) / this.#knownMs(proxy, nowMs), 0)
  }

  /** For how long the calls of a proxy are known; the rate of a busy one is that of a shorter time. */
  #knownMs(proxy: string, nowMs: number): number {
    return Math.max(MIN_KNOWN_MS, nowMs - this.#from(proxy, nowMs))
  }
}

const MIN_KNOWN_MS = 100

/** Each call once: as its caller's proxy saw it, or the called one where the caller is not known. */
function isOne({ reporter, peer }: SeenRecord): boolean {
  return reporter === 'source' || peer === undefined
}

function isGood({ protocol, status, flags }: SeenRecord): boolean {
  return protocol === 'tcp' ? flags.length === 0 : status > 0 && status < 500
}

function countFlags(kept: readonly Kept[]): Row['flags'] {
  const counts = new Map<string, number>()
  for (const { record } of kept) for (const flag of record.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])
}
