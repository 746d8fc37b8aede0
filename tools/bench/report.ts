import type { Sample } from './sample.ts'
import { WORKS } from './work.ts'

/** A variant's medians over its repetitions; null where the work does not measure it. */
export interface Row {
  readonly work: string
  readonly variant: string
  readonly cpuUsPerRequest: number | null
  readonly userUsPerRequest: number | null
  readonly rps: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** After the last repetition. */
  readonly rssMb: number | null
  readonly startMs: number | null
  readonly kibPerConnection: number | null
  /** Of all repetitions; any voids the row. */
  readonly errors: number
  readonly reps: number
}

/** One row per work and variant, in the order in which they came. */
export function rowsOf(samples: readonly Sample[]): Row[] {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) {
    const key = `${sample.work} ${sample.variant}`
    groups.set(key, [...(groups.get(key) ?? []), sample])
  }
  return [...groups.values()].map(rowOf)
}

function rowOf(own: readonly Sample[]): Row {
  const [first] = own
  const middle = (pick: (sample: Sample) => number | undefined): number | null => {
    // Without a latency run there is none: no number, not a figure.
    const values = own.map(pick).filter((value): value is number => Number.isFinite(value))
    return values.length === 0 ? null : median(values)
  }
  return {
    work: first?.work ?? '',
    variant: first?.variant ?? '',
    cpuUsPerRequest: middle((sample) => sample.cpuUsPerRequest),
    userUsPerRequest: middle((sample) => sample.userUsPerRequest),
    rps: middle((sample) => sample.rps),
    p50Ms: middle((sample) => sample.p50Ms),
    p99Ms: middle((sample) => sample.p99Ms),
    rssMb: own.findLast(({ rssMb }) => rssMb !== undefined)?.rssMb ?? null,
    startMs: middle((sample) => sample.startMs),
    kibPerConnection: middle((sample) => sample.kibPerConnection),
    errors: own.reduce((sum, { errors }) => sum + errors, 0),
    reps: own.filter(({ rssMb }) => rssMb !== undefined).length,
  }
}

const BASES = ['haproxy', 'envoy']

/** All rows as Markdown, a table for each work; ratios of CPU time to HAProxy and Envoy. */
export function table(rows: readonly Row[]): string {
  return [...new Set(rows.map(({ work }) => work))].map((work) => tableOf(work, rows)).join('\n\n')
}

function tableOf(work: string, all: readonly Row[]): string {
  const rows = all.filter((row) => row.work === work)
  const title = WORKS.find(({ name }) => name === work)?.title ?? work
  const fresh = rows.some(({ startMs }) => startMs !== null)
  const lines = rows.map((row) => line(row.errors > 0 ? voidCells(row) : fresh ? freshCells(row) : busyCells(row, rows)))
  return [`### ${work}: ${title}`, '', ...(fresh ? FRESH_HEAD : BUSY_HEAD), ...lines].join('\n')
}

const BUSY_HEAD = [
  line(['variant', 'CPU µs', '÷ haproxy', '÷ envoy', 'user µs', 'rps', 'p50 ms', 'p99 ms', 'RSS MB']),
  line(['---', ...Array.from({ length: 8 }, () => '---:')]),
]
const FRESH_HEAD = [line(['variant', 'start ms', 'KiB per idle connection', 'RSS MB']), line(['---', '---:', '---:', '---:'])]

function busyCells(row: Row, rows: readonly Row[]): readonly string[] {
  const ratios = BASES.map((base) =>
    ratio(
      row,
      rows.find(({ variant, errors }) => variant === base && errors === 0),
    ),
  )
  const { variant, cpuUsPerRequest, userUsPerRequest, rps, p50Ms, p99Ms, rssMb } = row
  return [variant, fixed(cpuUsPerRequest), ...ratios, fixed(userUsPerRequest), fixed(rps), fixed(p50Ms), fixed(p99Ms), fixed(rssMb)]
}

function freshCells({ variant, startMs, kibPerConnection, rssMb }: Row): readonly string[] {
  return [variant, fixed(startMs), fixed(kibPerConnection), fixed(rssMb)]
}

function voidCells({ variant, errors }: Row): readonly string[] {
  return [variant, `void: ${errors} errors`]
}

function ratio({ cpuUsPerRequest }: Row, base: Row | undefined): string {
  const unit = base?.cpuUsPerRequest ?? null
  return unit === null || cpuUsPerRequest === null || cpuUsPerRequest === 0 ? '-' : (cpuUsPerRequest / unit).toFixed(2)
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function fixed(value: number | null): string {
  return value === null ? '-' : value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0)
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
