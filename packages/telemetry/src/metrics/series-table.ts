import type { CallRecord, PeerLabels } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import type { Series, SeriesGrowth } from './series.ts'

export interface SeriesTableOptions {
  readonly labelsOf: (record: CallRecord) => string
  readonly make: (labels: string) => Series
  readonly maxSeries: number
  readonly idleMs: number
}

/** What was seen of a record when its series was found; the same again leads to the same series. */
interface Path {
  readonly self: PeerLabels
  readonly reporter: CallRecord['reporter']
  readonly protocol: CallRecord['protocol']
  readonly service: CallRecord['service']
  readonly cluster: string | undefined
  readonly status: number
  readonly flags: CallRecord['flags']
  readonly mutualTls: boolean
  readonly series: Series
}

/** The series of calls: found by what a record refers to, so that no text is made for a known one; bounded. */
export class SeriesTable {
  readonly #options: SeriesTableOptions
  readonly #paths = new WeakMap<PeerLabels, Path[]>()
  readonly #series = new Map<string, Series>()
  /** How often a label set was told without its peer and service, because the bound was reached. */
  folded = 0
  evicted = 0

  constructor(options: SeriesTableOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#series.size
  }

  of(record: CallRecord, nowMs: number): Series {
    const peer = record.peer ?? NOBODY
    const paths = this.#paths.get(peer)
    const found = paths === undefined ? undefined : findPath(paths, record)
    const series = found ?? this.#learn(record, peer, paths, nowMs)
    series.lastMs = nowMs
    return series
  }

  values(): Iterable<Series> {
    return this.#series.values()
  }

  /** What came to each series since it was asked last; all stand at zero then, and those that are idle go. */
  harvest(nowMs: number): readonly SeriesGrowth[] {
    const grown: SeriesGrowth[] = []
    for (const { labels, slots, lastMs } of this.#series.values()) {
      if (!slots.some((value) => value !== 0)) continue
      grown.push({ labels, slots: slots.slice(), lastMs })
      slots.fill(0)
    }
    this.evict(nowMs)
    return grown
  }

  /** Gives up series that had no traffic for long. */
  evict(nowMs: number): void {
    for (const [labels, series] of this.#series) {
      if (nowMs - series.lastMs < this.#options.idleMs) continue
      series.gone = true
      this.#series.delete(labels)
      this.evicted++
    }
  }

  #learn(record: CallRecord, peer: PeerLabels, known: Path[] | undefined, nowMs: number): Series {
    const series = this.#intern(record, nowMs)
    const paths = known ?? []
    if (known === undefined) this.#paths.set(peer, paths)
    if (paths.length >= LIMITS.pathsPerPeer) paths.length = 0
    const { self, reporter, protocol, service, cluster, status, flags, mutualTls } = record
    paths.push({ self, reporter, protocol, service, cluster, status, flags, mutualTls, series })
    return series
  }

  #intern(record: CallRecord, nowMs: number): Series {
    const known = this.#series.get(this.#options.labelsOf(record))
    if (known !== undefined) return known
    if (this.#series.size >= this.#options.maxSeries) this.evict(nowMs)
    if (this.#series.size < this.#options.maxSeries) return this.#add(this.#options.labelsOf(record))
    this.folded++
    const labels = this.#options.labelsOf({
      ...record,
      peer: undefined,
      service: undefined,
      cluster: undefined,
      flags: [],
      status: statusClass(record.status),
    })
    return this.#series.get(labels) ?? this.#add(labels)
  }

  #add(labels: string): Series {
    const made = this.#options.make(labels)
    this.#series.set(labels, made)
    return made
  }
}

/** Stands for an unknown peer. */
const NOBODY: PeerLabels = { workload: '', namespace: '', app: '', version: '', cluster: '', principal: undefined }

function statusClass(status: number): number {
  return Math.trunc(status / 100) * 100
}

function findPath(paths: Path[], record: CallRecord): Series | undefined {
  for (const path of paths)
    if (
      path.status === record.status &&
      path.service === record.service &&
      path.cluster === record.cluster &&
      path.reporter === record.reporter &&
      path.protocol === record.protocol &&
      path.self === record.self &&
      path.mutualTls === record.mutualTls &&
      sameFlags(path.flags, record.flags) &&
      !path.series.gone
    )
      return path.series
  return undefined
}

function sameFlags(left: readonly string[], right: readonly string[]): boolean {
  if (left === right) return true
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false
  return true
}
