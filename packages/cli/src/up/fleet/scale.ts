import type { Outcome } from './fleet.ts'
import { grow, retire, type Work } from './restart.ts'

export interface ScaleOptions extends Work {
  readonly workload: string
  readonly count: number
}

/** Brings a workload to a number of replicas: new ones take traffic when they can, the last ones leave it before they end. */
export async function scale(options: ScaleOptions): Promise<Outcome> {
  const { fleet, workload, count } = options
  const before = fleet.replicasOf(workload)
  if (before.length === count) return { kind: 'done', line: `${workload} has ${replicasText(count)} already.` }
  const failure =
    before.length < count
      ? (await grow(options, workload, count - before.length)).failure
      : await retire(options, before.slice(count).toReversed())
  const now = fleet.replicasOf(workload).length
  return failure === undefined
    ? { kind: 'done', line: `${workload} has ${replicasText(now)}, before ${before.length}.` }
    : { kind: 'refused', reason: `${failure} ${workload} has ${replicasText(now)}.` }
}

function replicasText(count: number): string {
  return count === 1 ? '1 replica' : `${count} replicas`
}
