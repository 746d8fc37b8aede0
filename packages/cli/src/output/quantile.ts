/** Of values in ascending order, the one that a share of them does not exceed (nearest rank); 0 without values. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
