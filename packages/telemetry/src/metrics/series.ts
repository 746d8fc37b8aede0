import { BUCKETS, bucketOf } from './buckets.ts'

const BINS = BUCKETS.length + 1

/** Where each number of a request's series stands: a count, then three histograms, each its sum and its bins. */
export const DURATION = 1
export const REQUEST_BYTES = DURATION + 1 + BINS
export const RESPONSE_BYTES = REQUEST_BYTES + 1 + BINS
const SLOTS = RESPONSE_BYTES + 1 + BINS

/** All numbers of one set of labels. */
export interface Series {
  readonly labels: string
  readonly slots: Float64Array
  /** Unix milliseconds. */
  lastMs: number
  /** Whether it was given up, so that remembered ways to it are void. */
  gone: boolean
}

/** What came to a series in a while. */
export type SeriesGrowth = Pick<Series, 'labels' | 'slots' | 'lastMs'>

/** A series of requests, at zero. */
export function requestSeries(labels: string): Series {
  return { labels, slots: new Float64Array(SLOTS), lastMs: 0, gone: false }
}

/** A series of TCP connections, at zero: opened, closed, sent bytes, received bytes. */
export function tcpSeries(labels: string): Series {
  return { labels, slots: new Float64Array(4), lastMs: 0, gone: false }
}

/** Adds to the number at `slot`. */
export function add(slots: Float64Array, slot: number, amount: number): void {
  slots[slot] = (slots[slot] as number) + amount
}

/** Observes a value in the histogram whose sum stands at `slot`. */
export function observe(slots: Float64Array, slot: number, value: number): void {
  add(slots, slot, value)
  add(slots, slot + 1 + bucketOf(BUCKETS, value), 1)
}
