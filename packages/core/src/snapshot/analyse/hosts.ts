import { fullHost } from '../../compile/names.ts'
import { byAge } from '../../compile/order.ts'
import { nearest } from '../../config/check/nearest.ts'
import { isIp } from '../../config/fields/host.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { originPlace } from '../../config/origin.ts'
import { objectsOf } from '../objects-of.ts'
import { hostSpellings, servicesAt, type Analysis } from './analysis.ts'

type VirtualService = ObjectOf<'VirtualService'>

/** Rules about hosts that no service has. */
export function hostsNotFound(analysis: Analysis): void {
  for (const rule of objectsOf(analysis.snapshot, 'DestinationRule')) {
    const { host } = rule.body
    if (host.startsWith('*') || servicesAt(analysis, host, rule.meta.namespace).length > 0) continue
    const near = nearest(host, hostSpellings(analysis, rule.meta.namespace))
    const fix = near === undefined ? undefined : `Write \`${near}\`.`
    analysis.report('IST0174', rule, ['spec', 'host'], `No service has the host "${host}", so the rule applies to nothing.`, fix)
  }
  for (const rule of meshRules(analysis)) {
    for (const [index, host] of (rule.body.hosts ?? []).entries()) {
      if (host.startsWith('*') || isIp(host) || servicesAt(analysis, host, rule.meta.namespace).length > 0) continue
      const near = nearest(host, hostSpellings(analysis, rule.meta.namespace))
      if (near === undefined) continue
      analysis.report('IST0101', rule, ['spec', 'hosts', index], `No service has the host "${host}".`, `Write \`${near}\`.`)
    }
  }
}

/** Of several rules of the mesh for one host only the oldest is carried out. */
export function conflictingHosts(analysis: Analysis): void {
  const first = new Map<string, VirtualService>()
  for (const rule of meshRules(analysis)) {
    for (const [index, host] of (rule.body.hosts ?? []).entries()) {
      const full = `${scopeOf(rule)} ${fullHost(host, rule.meta.namespace)}`
      const earlier = first.get(full)
      if (earlier === undefined) first.set(full, rule)
      else {
        const message = `VirtualService ${earlier.meta.namespace}/${earlier.meta.name} (${originPlace(earlier.origin)}) already routes "${host}"; this one does not.`
        analysis.report('IST0109', rule, ['spec', 'hosts', index], message, 'Put the routes of one host into one VirtualService.')
      }
    }
  }
}

/** Rules that are exported to different places do not meet. */
function scopeOf(rule: VirtualService): string {
  const to = rule.body.exportTo ?? ['*']
  return to.includes('*') ? '*' : to.includes('.') ? rule.meta.namespace : [...to].sort().join(',')
}

function meshRules(analysis: Analysis): readonly VirtualService[] {
  return [...objectsOf(analysis.snapshot, 'VirtualService')].sort(byAge).filter((rule) => {
    const gateways = rule.body.gateways ?? []
    return gateways.length === 0 || gateways.includes('mesh')
  })
}
