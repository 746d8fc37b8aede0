import { readyEndpoints } from '../engine/ready-endpoints.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { View } from '../view/view.ts'
import { OUTLIER_LIMITS } from './limits.ts'
import {
  CLUSTER_CELLS,
  EJECTED_NOW,
  HOST_CELLS,
  hostKey,
  hostOfKey,
  LEAVING,
  NOBODY,
  PRESENT,
  STATE,
  TOTAL,
  type EjectedEndpoint,
  type OutlierMemory,
  type OutlierPlan,
  type WatchedCluster,
} from './memory.ts'

/**
 * Says where the state of each endpoint of a watched cluster stands. An endpoint keeps its place, and so what is known of it, while it is in
 * views; it loses both with the view that no longer has it.
 */
export class OutlierSlots {
  readonly #clusters: Places
  readonly #hosts: Places
  #plan: ReadonlyMap<string, WatchedCluster> = new Map()

  /** `shared`: of that size for good. Without it the memory is this thread's own, and grows. */
  constructor(shared?: OutlierMemory) {
    this.#clusters = new Places({ cells: shared?.clusters, size: CLUSTER_CELLS, most: OUTLIER_LIMITS.clusters })
    this.#hosts = new Places({ cells: shared?.hosts, size: HOST_CELLS, most: OUTLIER_LIMITS.hosts })
  }

  /** As of the last assignment. */
  get memory(): OutlierMemory {
    return { clusters: this.#clusters.cells, hosts: this.#hosts.cells }
  }

  /** Ejected endpoints, over all clusters. */
  get ejectedNow(): number {
    let sum = 0
    for (const { at } of this.#plan.values()) sum += Atomics.load(this.#clusters.cells, at + EJECTED_NOW)
    return sum
  }

  get ejected(): readonly EjectedEndpoint[] {
    return [...this.#plan].flatMap(([cluster, { hosts }]) =>
      [...hosts].flatMap(([host, at]) => (Atomics.load(this.#hosts.cells, at + STATE) >= LEAVING ? [{ cluster, ...hostOfKey(host) }] : [])),
    )
  }

  assign({ clusters, endpoints }: Pick<View, 'clusters' | 'endpoints'>): OutlierPlan {
    const watched = clusters.filter(({ outlierDetection }) => outlierDetection !== undefined)
    if (watched.length === 0 && this.#plan.size === 0) return this.#plan
    this.#clusters.rest()
    this.#hosts.rest()
    const lanes = new Map(endpoints.map((entry) => [entry.cluster, entry.endpoints]))
    const before = this.#plan
    const plan = new Map<string, WatchedCluster>()
    for (const cluster of watched) {
      const known = before.get(cluster.name)
      const at = known?.at ?? this.#clusters.take()
      if (at !== undefined) plan.set(cluster.name, this.#watch(at, known, readyEndpoints(cluster, lanes.get(cluster.name))))
    }
    for (const [name, known] of before) {
      if (plan.has(name)) continue
      for (const host of known.hosts.values()) this.#drop(known.at, host)
      this.#clusters.give(known.at)
    }
    this.#plan = plan
    return plan
  }

  #watch(at: number, known: WatchedCluster | undefined, endpoints: readonly Endpoint[]): WatchedCluster {
    const hosts = new Map<string, number>()
    for (const endpoint of endpoints) {
      const key = hostKey(endpoint)
      const host = hosts.get(key) ?? known?.hosts.get(key) ?? this.#admit()
      if (host !== undefined) hosts.set(key, host)
    }
    for (const [key, host] of known?.hosts ?? []) if (!hosts.has(key)) this.#drop(at, host)
    Atomics.store(this.#clusters.cells, at + TOTAL, hosts.size)
    return { at, hosts }
  }

  #admit(): number | undefined {
    const host = this.#hosts.take()
    if (host === undefined) return undefined
    for (let cell = 0; cell < HOST_CELLS; cell++) Atomics.store(this.#hosts.cells, host + cell, 0)
    Atomics.store(this.#hosts.cells, host + STATE, PRESENT)
    return host
  }

  #drop(at: number, host: number): void {
    if (Atomics.exchange(this.#hosts.cells, host + STATE, NOBODY) >= LEAVING) Atomics.sub(this.#clusters.cells, at + EJECTED_NOW, 1)
    this.#hosts.give(host)
  }
}

/** Runs of cells of one size. What is given back rests for two assignments: other threads may still follow an earlier one. */
class Places {
  cells: Int32Array
  readonly #size: number
  readonly #most: number
  readonly #grows: boolean
  #next = 0
  #free: number[] = []
  #resting: number[] = []
  #given: number[] = []

  constructor({ cells, size, most }: { readonly cells: Int32Array | undefined; readonly size: number; readonly most: number }) {
    this.cells = cells ?? new Int32Array(0)
    this.#grows = cells === undefined
    this.#size = size
    this.#most = most * size
  }

  rest(): void {
    this.#free.push(...this.#resting)
    this.#resting = this.#given
    this.#given = []
  }

  /** Undefined: there are as many as may be. */
  take(): number | undefined {
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#next >= (this.#grows ? this.#most : this.cells.length)) return undefined
    if (this.#next >= this.cells.length) this.#grow()
    const at = this.#next
    this.#next += this.#size
    return at
  }

  give(at: number): void {
    this.#given.push(at)
  }

  #grow(): void {
    const cells = new Int32Array(Math.min(this.#most, Math.max(FIRST_PLACES * this.#size, this.cells.length * 2)))
    cells.set(this.cells)
    this.cells = cells
  }
}

const FIRST_PLACES = 16
