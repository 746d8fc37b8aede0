import type { VirtualService } from '../bodies.ts'
import { compareSpecificity, hostWithin } from '../host-match.ts'
import { fullHost } from '../names.ts'
import { hostInScope, type EgressHosts, type Scope } from '../scope.ts'
import { boundTo } from './applies.ts'

const MESH = { gateways: ['mesh'] }

/** The VirtualServices that callers in the mesh obey, within an egress listener. */
export function meshRules(scope: Scope, hosts: EgressHosts | undefined): readonly VirtualService[] {
  return scope.virtualServices.filter(
    (rule) =>
      boundTo(rule.body.gateways, MESH, rule.meta.namespace) &&
      ruleHosts(rule).some((host) => hostInScope(scope, hosts, rule.meta.namespace, host)),
  )
}

/** The hosts of a rule in full. */
export function ruleHosts(rule: VirtualService): readonly string[] {
  return (rule.body.hosts ?? []).map((host) => fullHost(host, rule.meta.namespace))
}

/** Which of several rules holds for a host: the one that names it most closely, then the oldest; one alone. */
export function ruleFor(rules: readonly VirtualService[], host: string): VirtualService | undefined {
  let chosen: { readonly rule: VirtualService; readonly by: string } | undefined
  for (const rule of rules) {
    for (const by of ruleHosts(rule)) {
      if (!hostWithin(host, by)) continue
      if (chosen === undefined || compareSpecificity(by, chosen.by) < 0) chosen = { rule, by }
    }
  }
  return chosen?.rule
}
