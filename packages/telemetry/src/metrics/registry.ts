import { counterFamily, gaugeFamily, histogramFamily, type Family } from './family.ts'
import type { CounterFamily, GaugeFamily, HistogramFamily, HistogramOptions, MetricOptions } from './family.ts'

/** Counters, gauges and histograms of one process, told as Prometheus text. */
export interface Registry {
  /** Each throws a TypeError for a name that is taken or unreadable. */
  counter(options: MetricOptions): CounterFamily
  gauge(options: MetricOptions): GaugeFamily
  histogram(options: HistogramOptions): HistogramFamily
  /** Calls back before each exposition, to bring gauges up to date. */
  onExpose(refresh: () => void): void
  /** Prometheus text exposition 0.0.4, families in the order of their names. */
  expose(): string
}

/** An empty registry. */
export function createRegistry(): Registry {
  const families = new Map<string, Family>()
  const refreshers: (() => void)[] = []
  const add = <Made extends Family>(family: Made): Made => {
    if (families.has(family.name)) throw new TypeError(`${family.name} is registered twice`)
    families.set(family.name, family)
    return family
  }
  return {
    counter: (options) => add(counterFamily(options)),
    gauge: (options) => add(gaugeFamily(options)),
    histogram: (options) => add(histogramFamily(options)),
    onExpose: (refresh) => void refreshers.push(refresh),
    expose() {
      for (const refresh of refreshers) refresh()
      return [...families.values()]
        .sort((left, right) => (left.name < right.name ? -1 : 1))
        .map((family) => family.expose())
        .join('')
    },
  }
}
