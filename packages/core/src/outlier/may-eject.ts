import type { OutlierDetection } from '../view/cluster.ts'

/** Whether one more of so many endpoints may be ejected (Envoy `max_ejection_percent`, `always_eject_one_host`). */
export function mayEject(
  { maxEjectionPercent, alwaysEjectOne }: Pick<OutlierDetection, 'maxEjectionPercent' | 'alwaysEjectOne'>,
  { ejected, total }: { readonly ejected: number; readonly total: number },
): boolean {
  return (100 * (ejected + 1)) / total <= maxEjectionPercent || (alwaysEjectOne && ejected === 0)
}

/** Whether so few endpoints are left that all take calls (Envoy `healthy_panic_threshold`). */
export function isPanic(minHealthPercent: number, { present, total }: { readonly present: number; readonly total: number }): boolean {
  return (100 * present) / total < minHealthPercent
}
