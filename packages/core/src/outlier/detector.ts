import type { Endpoint, OutlierDetection } from '../view/cluster.ts'
import { OUTLIER_LIMITS } from './limits.ts'
import { mayEject } from './may-eject.ts'
import {
  EJECTED,
  EJECTED_AT,
  EJECTED_NOW,
  EJECTIONS,
  GENERATION,
  hostKey,
  hostOfKey,
  LEAVING,
  PRESENT,
  ROW_5XX,
  ROW_GATEWAY,
  ROW_LOCAL,
  STATE,
  SWEPT,
  TOTAL,
  type OutlierMemory,
  type WatchedCluster,
} from './memory.ts'
import { takersOf } from './takers.ts'

/** What a detector found, in Envoy's words. */
export type OutlierReason = 'consecutive_5xx' | 'consecutive_gateway_failure' | 'consecutive_local_origin_failure'

/** `kept`: as many as may be are ejected already. */
export type OutlierChange =
  | (Place & { readonly kind: 'ejected'; readonly reason: OutlierReason; readonly forMs: number })
  | (Place & { readonly kind: 'kept'; readonly reason: OutlierReason })
  | (Place & { readonly kind: 'returned' })

type Place = Pick<Endpoint, 'address' | 'port'>

export interface DetectorInit {
  readonly settings: OutlierDetection
  readonly memory: OutlierMemory
  readonly watched: WatchedCluster
  readonly onChange: (change: OutlierChange) => void
}

/** No endpoint that is watched. */
export const NO_HOST = -1

/**
 * Counts failures in a row of the endpoints of a cluster, ejects those with too many, and lets them come back (Envoy's outlier detection).
 * All detectors over the same memory are one. Times are milliseconds of any clock that all of them share.
 */
export class Detector {
  readonly settings: OutlierDetection
  readonly #clusters: Int32Array
  readonly #hosts: Int32Array
  readonly #at: number
  readonly #watched: WatchedCluster
  readonly #onChange: (change: OutlierChange) => void
  readonly #intervalMs: number
  #asked: readonly Endpoint[] | undefined
  #askedAt = 0
  #present: readonly Endpoint[] = []
  /** Made when it is first asked for. */
  #keys: ReadonlyMap<number, string> | undefined

  constructor({ settings, memory, watched, onChange }: DetectorInit) {
    this.settings = settings
    this.#clusters = memory.clusters
    this.#hosts = memory.hosts
    this.#at = watched.at
    this.#watched = watched
    this.#onChange = onChange
    this.#intervalMs = Math.min(Math.max(OUTLIER_LIMITS.minIntervalMs, Math.ceil(settings.intervalMs)), OUTLIER_LIMITS.maxIntervalMs)
  }

  /** By what the other methods know an endpoint. */
  hostOf(endpoint: Place): number {
    return this.#watched.hosts.get(hostKey(endpoint)) ?? NO_HOST
  }

  get ejectedNow(): number {
    return Atomics.load(this.#clusters, this.#at + EJECTED_NOW)
  }

  isEjected(host: number): boolean {
    return host !== NO_HOST && Atomics.load(this.#hosts, host + STATE) >= LEAVING
  }

  /** Those of the endpoints that take calls; the same list until something changes. */
  available(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const generation = this.#clusters[this.#at + GENERATION] ?? 0
    if (endpoints === this.#asked && generation === this.#askedAt) return this.#present
    this.#asked = endpoints
    this.#askedAt = generation
    this.#present = takersOf(endpoints, (endpoint) => this.isEjected(this.hostOf(endpoint)), this.settings.minHealthPercent)
    return this.#present
  }

  /** It answered with a status below 500. */
  succeeded(host: number): void {
    // Most calls succeed, and then there is nothing to write; a row that begins at this very moment is none to end.
    const hosts = this.#hosts
    if (hosts[host + ROW_5XX] !== 0) Atomics.store(hosts, host + ROW_5XX, 0)
    if (hosts[host + ROW_GATEWAY] !== 0) Atomics.store(hosts, host + ROW_GATEWAY, 0)
  }

  /** It answered with a status from 500 on. */
  failed(host: number, status: number, nowMs: number): void {
    const { consecutive5xx, consecutiveGatewayFailures } = this.settings
    const hosts = this.#hosts
    if (status < 502 || status > 504) Atomics.store(hosts, host + ROW_GATEWAY, 0)
    else if (Atomics.add(hosts, host + ROW_GATEWAY, 1) + 1 === consecutiveGatewayFailures)
      this.#found(host, 'consecutive_gateway_failure', nowMs)
    if (Atomics.add(hosts, host + ROW_5XX, 1) + 1 === consecutive5xx) this.#found(host, 'consecutive_5xx', nowMs)
  }

  /** A connection to it is there; its calls may fail yet. */
  connected(host: number): void {
    if (this.settings.consecutiveLocalFailures === undefined || this.#hosts[host + ROW_LOCAL] === 0) return
    Atomics.store(this.#hosts, host + ROW_LOCAL, 0)
  }

  /** A connection to it is there, and that was all that could go wrong. */
  connectedForGood(host: number): void {
    if (this.settings.consecutiveLocalFailures === undefined) this.succeeded(host)
    else this.connected(host)
  }

  /** There was no connection, no reply in time, or none to its end. */
  failedHere(host: number, status: 503 | 504, nowMs: number): void {
    const { consecutiveLocalFailures: local } = this.settings
    if (local === undefined) this.failed(host, status, nowMs)
    else if (Atomics.add(this.#hosts, host + ROW_LOCAL, 1) + 1 === local) this.#found(host, 'consecutive_local_origin_failure', nowMs)
  }

  /** When the next sweep is due. */
  nextSweepMs(nowMs: number): number {
    return (Math.floor(nowMs / this.#intervalMs) + 1) * this.#intervalMs
  }

  /** Once in each interval, whoever comes first: lets those come back whose time is over, and forgets an ejection of each of the others. */
  sweep(nowMs: number): void {
    const interval = Math.floor(nowMs / this.#intervalMs) | 0
    const before = Atomics.load(this.#clusters, this.#at + SWEPT)
    if (before === interval || Atomics.compareExchange(this.#clusters, this.#at + SWEPT, before, interval) !== before) return
    for (const [key, host] of this.#watched.hosts) {
      const state = Atomics.load(this.#hosts, host + STATE)
      if (state === EJECTED) this.#returnWhenDue(key, host, nowMs)
      else if (state === PRESENT) this.#forget(host, interval - before)
    }
  }

  #found(host: number, reason: OutlierReason, nowMs: number): void {
    if (Atomics.load(this.#hosts, host + STATE) !== PRESENT) return
    const row = ROWS[reason]
    const place = this.#placeOf(host)
    if (!this.#takeRoom()) this.#onChange({ kind: 'kept', ...place, reason })
    else if (Atomics.compareExchange(this.#hosts, host + STATE, PRESENT, LEAVING) !== PRESENT) this.#giveRoom()
    else {
      const forMs = this.#writeEjection(host, nowMs)
      this.#changed()
      this.#onChange({ kind: 'ejected', ...place, reason, forMs })
    }
    Atomics.store(this.#hosts, host + row, 0)
  }

  /** One more is ejected, unless as many are as may be. */
  #takeRoom(): boolean {
    const [cells, at] = [this.#clusters, this.#at + EJECTED_NOW]
    for (let seen = Atomics.load(cells, at); ;) {
      if (!mayEject(this.settings, { ejected: seen, total: Atomics.load(cells, this.#at + TOTAL) })) return false
      const found = Atomics.compareExchange(cells, at, seen, seen + 1)
      if (found === seen) return true
      seen = found
    }
  }

  #giveRoom(): void {
    Atomics.sub(this.#clusters, this.#at + EJECTED_NOW, 1)
  }

  #writeEjection(host: number, nowMs: number): number {
    const { baseEjectionMs, maxEjectionMs } = this.settings
    const ejections = Atomics.load(this.#hosts, host + EJECTIONS)
    if (ejections * baseEjectionMs < maxEjectionMs + baseEjectionMs) Atomics.store(this.#hosts, host + EJECTIONS, ejections + 1)
    Atomics.store(this.#hosts, host + EJECTED_AT, nowMs | 0)
    // Not where the endpoint is gone meanwhile.
    Atomics.compareExchange(this.#hosts, host + STATE, LEAVING, EJECTED)
    return this.#lastsMs(host)
  }

  #lastsMs(host: number): number {
    const { baseEjectionMs, maxEjectionMs } = this.settings
    return Math.min(Atomics.load(this.#hosts, host + EJECTIONS) * baseEjectionMs, maxEjectionMs, OUTLIER_LIMITS.maxEjectionMs)
  }

  #returnWhenDue(key: string, host: number, nowMs: number): void {
    const goneMs = ((nowMs | 0) - Atomics.load(this.#hosts, host + EJECTED_AT)) | 0
    if (goneMs < this.#lastsMs(host)) return
    for (const row of Object.values(ROWS)) Atomics.store(this.#hosts, host + row, 0)
    if (Atomics.compareExchange(this.#hosts, host + STATE, EJECTED, PRESENT) !== EJECTED) return
    this.#giveRoom()
    this.#changed()
    this.#onChange({ kind: 'returned', ...hostOfKey(key) })
  }

  #forget(host: number, intervals: number): void {
    const ejections = Atomics.load(this.#hosts, host + EJECTIONS)
    if (ejections > 0) Atomics.compareExchange(this.#hosts, host + EJECTIONS, ejections, Math.max(0, ejections - Math.max(1, intervals)))
  }

  #changed(): void {
    Atomics.add(this.#clusters, this.#at + GENERATION, 1)
  }

  #placeOf(host: number): Place {
    this.#keys ??= new Map([...this.#watched.hosts].map(([key, at]) => [at, key]))
    return hostOfKey(this.#keys.get(host) ?? '')
  }
}

const ROWS = {
  consecutive_5xx: ROW_5XX,
  consecutive_gateway_failure: ROW_GATEWAY,
  consecutive_local_origin_failure: ROW_LOCAL,
} as const satisfies Record<OutlierReason, number>
