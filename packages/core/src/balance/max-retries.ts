import type { Cluster } from '../view/cluster.ts'

/** How many retries of a cluster there may be at once, while so many of its calls are under way or wait (Envoy's retry budget, else `max_retries`). */
export function maxRetries(
  { retryBudget, maxRetries: most = Infinity }: Pick<Cluster, 'retryBudget' | 'maxRetries'>,
  calls: number,
): number {
  if (retryBudget === undefined) return most
  return Math.max(retryBudget.minConcurrency, Math.floor((retryBudget.percent / 100) * calls))
}
