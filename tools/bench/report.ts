import type { Sample } from './measure.ts'

/** A peer's medians over its repetitions; void when one of them had an error. */
export interface Row {
  readonly peer: string
  readonly void: boolean
  readonly microsPerRequest: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly residentMb: number
}

/** One row per peer, in the order in which they came. */
export function rowsOf(samples: readonly Sample[]): Row[] {
  return [...new Set(samples.map(({ peer }) => peer))].map((peer) => {
    const own = samples.filter((sample) => sample.peer === peer)
    const middle = (pick: (sample: Sample) => number): number => median(own.map(pick))
    return {
      peer,
      void: own.some(({ errors }) => errors > 0),
      microsPerRequest: middle((sample) => sample.microsPerRequest),
      p50Ms: middle((sample) => sample.p50Ms),
      p99Ms: middle((sample) => sample.p99Ms),
      residentMb: middle((sample) => sample.residentMb),
    }
  })
}

/** A table; ratios are to the peer named as the base. */
export function table(rows: readonly Row[], base: string): string {
  const unit = rows.find((row) => row.peer === base && !row.void)?.microsPerRequest
  const lines = rows.map((row) => {
    if (row.void) return `${row.peer.padEnd(12)}  void: the client saw errors`
    const ratio = unit === undefined ? '   -' : (row.microsPerRequest / unit).toFixed(2)
    return [
      row.peer.padEnd(12),
      fixed(row.microsPerRequest, 14),
      ratio.padStart(7),
      fixed(row.p50Ms, 9),
      fixed(row.p99Ms, 9),
      fixed(row.residentMb, 8),
    ].join('')
  })
  return [`${'peer'.padEnd(12)}  CPU µs/request  ratio   p50 ms   p99 ms  RSS MB`, ...lines].join('\n')
}

function fixed(value: number, width: number): string {
  return value.toFixed(value < 10 ? 2 : 1).padStart(width)
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
