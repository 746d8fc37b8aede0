/** Upper bounds of Istio's histograms, milliseconds and bytes alike (Envoy's defaults). */
export const BUCKETS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
] as const satisfies readonly number[]

/** Index of the first bound that is not below the value; the number of bounds when all are. */
export function bucketOf(bounds: readonly number[], value: number): number {
  let index = 0
  while (index < bounds.length && value > (bounds[index] as number)) index++
  return index
}
