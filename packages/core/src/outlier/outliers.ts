import type { Endpoint } from '../view/cluster.ts'
import type { View } from '../view/view.ts'
import { Detector, type OutlierChange } from './detector.ts'
import type { OutlierMemory, OutlierPlan } from './memory.ts'

/** What became of an endpoint of a cluster. */
export type OutlierEvent = OutlierChange & { readonly cluster: string }

/** The detectors of all clusters that have one. */
export class Outliers {
  readonly #onEvent: (event: OutlierEvent) => void
  #detectors: ReadonlyMap<string, Detector> = new Map()

  constructor(onEvent: (event: OutlierEvent) => void) {
    this.#onEvent = onEvent
  }

  get size(): number {
    return this.#detectors.size
  }

  of(cluster: string): Detector | undefined {
    return this.#detectors.get(cluster)
  }

  isEjected(cluster: string, endpoint: Pick<Endpoint, 'address' | 'port'>): boolean {
    const detector = this.#detectors.get(cluster)
    return detector !== undefined && detector.isEjected(detector.hostOf(endpoint))
  }

  /** Follows a view, with the places that were assigned for it. */
  follow({ clusters }: Pick<View, 'clusters'>, plan: OutlierPlan, memory: OutlierMemory): void {
    if (plan.size === 0 && this.#detectors.size === 0) return
    const detectors = new Map<string, Detector>()
    for (const { name, outlierDetection: settings } of clusters) {
      const watched = plan.get(name)
      if (settings === undefined || watched === undefined) continue
      const onChange = (change: OutlierChange): void => this.#onEvent({ ...change, cluster: name })
      detectors.set(name, new Detector({ settings, memory, watched, onChange }))
    }
    this.#detectors = detectors
  }

  /** When a sweep is due next; Infinity where nothing is watched. */
  nextSweepMs(nowMs: number): number {
    let next = Infinity
    for (const detector of this.#detectors.values()) next = Math.min(next, detector.nextSweepMs(nowMs))
    return next
  }

  sweep(nowMs: number): void {
    for (const detector of this.#detectors.values()) detector.sweep(nowMs)
  }
}
