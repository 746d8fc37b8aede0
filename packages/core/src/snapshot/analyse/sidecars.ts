import { byAge } from '../../compile/order.ts'
import { isEmpty, selects } from '../../compile/selector.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { objectsOf } from '../objects-of.ts'
import type { Analysis } from './analysis.ts'

/** Sidecar objects that stand in each other's way: the oldest one holds. */
export function conflictingSidecars(analysis: Analysis): void {
  const earlier: ObjectOf<'Sidecar'>[] = []
  for (const sidecar of [...objectsOf(analysis.snapshot, 'Sidecar')].sort(byAge)) {
    const labels = sidecar.body.workloadSelector?.labels
    const rivals = earlier.filter((other) => other.meta.namespace === sidecar.meta.namespace)
    if (isEmpty(labels)) {
      const rival = rivals.find((other) => isEmpty(other.body.workloadSelector?.labels))
      if (rival !== undefined) {
        analysis.report(
          'IST0111',
          sidecar,
          ['spec'],
          `Sidecar ${rival.meta.name} already holds for all of ${sidecar.meta.namespace}.`,
          'Give one of them a `workloadSelector`.',
        )
      }
    } else checkSelector(analysis, sidecar, labels ?? {}, rivals)
    earlier.push(sidecar)
  }
}

function checkSelector(
  analysis: Analysis,
  sidecar: ObjectOf<'Sidecar'>,
  labels: Readonly<Record<string, string>>,
  rivals: readonly ObjectOf<'Sidecar'>[],
): void {
  const mine = analysis.registry.instances.filter((one) => one.namespace === sidecar.meta.namespace && selects(labels, one.labels))
  const rival = rivals.find((other) => {
    const theirs = other.body.workloadSelector?.labels
    return !isEmpty(theirs) && mine.some((one) => selects(theirs ?? {}, one.labels))
  })
  if (rival === undefined) return
  analysis.report(
    'IST0110',
    sidecar,
    ['spec', 'workloadSelector'],
    `Sidecar ${rival.meta.name} already selects some of these workloads; it holds for them.`,
  )
}
