import { originName, originPlace, type Origin } from '@mesh/core/origin'
import type { OutlierEvent } from '@mesh/core/outlier'
import type { Logger } from '@mesh/telemetry'

/** Tells who takes no calls for a while, why and by which rule, and who does again. */
export function tellOutlier(log: Pick<Logger, 'info' | 'warn'>, event: OutlierEvent, rule: Origin | undefined): void {
  const { cluster, address, port } = event
  const fields = { cluster, endpoint: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}` }
  if (event.kind === 'returned') return log.info(fields, 'an endpoint takes calls again')
  if (event.kind === 'kept') return
  const { reason, forMs } = event
  log.warn({ ...fields, reason, forMs, ...(rule === undefined ? {} : { rule: ruleText(rule) }) }, 'an endpoint is ejected')
}

function ruleText(rule: Origin): string {
  const [name, place] = [originName(rule), originPlace(rule)]
  return place === name ? name : `${name} (${place})`
}
