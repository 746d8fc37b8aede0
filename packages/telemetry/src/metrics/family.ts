import { LIMITS } from '../limits.ts'
import { bucketOf, BUCKETS } from './buckets.ts'
import { checkNames, familyHead, histogramLines, labelText, sampleLine, type MetricKind } from './exposition.ts'

export interface MetricOptions {
  readonly name: string
  readonly help: string
  /** Names of labels, in order; their values are given in the same order. */
  readonly labels?: readonly string[]
}

export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, ascending; Istio's when absent. */
  readonly bounds?: readonly number[]
}

/** What a registry keeps of each metric. */
export interface Family {
  readonly name: string
  expose(): string
}

export interface CounterFamily extends Family {
  /** The counter of these label values; keep it where it is counted often. */
  of(...values: readonly string[]): { add(amount?: number): void; readonly value: number }
}

export interface GaugeFamily extends Family {
  of(...values: readonly string[]): { set(value: number): void; add(amount: number): void; readonly value: number }
  /** Forgets all series, so that a refresh can tell them anew. */
  clear(): void
}

export interface HistogramFamily extends Family {
  of(...values: readonly string[]): { observe(value: number): void; readonly count: number }
}

/** A family of counters; a family without labels starts at 0. */
export function counterFamily(options: MetricOptions): CounterFamily {
  const table = createTable(options, 'counter', () => new Counter())
  return { name: options.name, of: table.of, expose: () => table.expose((name, labels, cell) => sampleLine(name, labels, cell.value)) }
}

/** A family of gauges. */
export function gaugeFamily(options: MetricOptions): GaugeFamily {
  const table = createTable(options, 'gauge', () => new Gauge())
  return {
    name: options.name,
    of: table.of,
    clear: table.clear,
    expose: () => table.expose((name, labels, cell) => sampleLine(name, labels, cell.value)),
  }
}

/** A family of histograms. */
export function histogramFamily(options: HistogramOptions): HistogramFamily {
  const bounds = options.bounds ?? BUCKETS
  const table = createTable(options, 'histogram', () => new Histogram(bounds))
  return {
    name: options.name,
    of: table.of,
    expose: () =>
      table.expose((name, labels, cell) => histogramLines(name, labels, { bounds, counts: cell.counts, offset: 0, sum: cell.sum })),
  }
}

class Counter {
  value = 0

  add(amount = 1): void {
    if (amount > 0) this.value += amount
  }
}

class Gauge {
  value = 0

  set(value: number): void {
    this.value = value
  }

  add(amount: number): void {
    this.value += amount
  }
}

class Histogram {
  readonly counts: Float64Array
  readonly #bounds: readonly number[]
  sum = 0
  count = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const index = bucketOf(this.#bounds, value)
    this.counts[index] = (this.counts[index] ?? 0) + 1
    this.sum += value
    this.count++
  }
}

interface Table<Cell> {
  of(...values: readonly string[]): Cell
  clear(): void
  expose(tell: (name: string, labels: string, cell: Cell) => string): string
}

function createTable<Cell>(options: MetricOptions, kind: MetricKind, make: () => Cell): Table<Cell> {
  const names = options.labels ?? []
  checkNames(options.name, names)
  const cells = new Map<string, Cell>()
  const cellOf = (labels: string): Cell => {
    const known = cells.get(labels)
    if (known !== undefined) return known
    const made = make()
    cells.set(labels, made)
    return made
  }
  if (names.length === 0) cellOf('')
  return {
    of(...values) {
      if (values.length !== names.length) throw new TypeError(`${options.name} takes ${names.length} labels`)
      const labels = labelText(names, values)
      if (cells.has(labels) || cells.size < LIMITS.familySeries) return cellOf(labels)
      return cellOf(
        labelText(
          names,
          names.map(() => OVERFLOW),
        ),
      )
    },
    clear: () => cells.clear(),
    expose: (tell) =>
      familyHead(options.name, options.help, kind) + [...cells].map(([labels, cell]) => tell(options.name, labels, cell)).join(''),
  }
}

/** The label value that all series over the bound share. */
const OVERFLOW = 'overflow'
