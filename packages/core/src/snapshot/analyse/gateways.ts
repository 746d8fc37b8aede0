import { fullGateway } from '../../compile/gateway/gateway-name.ts'
import { narrowerHost } from '../../compile/host-match.ts'
import { fullHost } from '../../compile/names.ts'
import { isEmpty, selects } from '../../compile/selector.ts'
import { nearest } from '../../config/check/nearest.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { objectKey } from '../../config/object.ts'
import { objectsOf } from '../objects-of.ts'
import { knowsWorkloads, type Analysis } from './analysis.ts'

type Gateway = ObjectOf<'Gateway'>

/** VirtualServices of a gateway that is not there. */
export function gatewaysNotFound(analysis: Analysis): void {
  const gateways = gatewaysByName(analysis)
  for (const rule of objectsOf(analysis.snapshot, 'VirtualService')) {
    for (const [index, name] of (rule.body.gateways ?? []).entries()) {
      const full = fullGateway(name, rule.meta.namespace)
      if (full === 'mesh' || gateways.has(full)) continue
      const spellings = [...gateways.values()].map((one) => (one.meta.namespace === rule.meta.namespace ? one.meta.name : objectKey(one)))
      const near = nearest(name, spellings)
      analysis.report(
        'IST0101',
        rule,
        ['spec', 'gateways', index],
        `There is no Gateway "${name}".`,
        near === undefined ? undefined : `Write \`${near}\`.`,
      )
    }
  }
}

/** Hosts of VirtualServices that none of their gateways serves. */
export function hostsNotInGateway(analysis: Analysis): void {
  const gateways = gatewaysByName(analysis)
  for (const rule of objectsOf(analysis.snapshot, 'VirtualService')) {
    const bound = (rule.body.gateways ?? []).map((name) => fullGateway(name, rule.meta.namespace))
    const known = bound.flatMap((name) => gateways.get(name) ?? [])
    if (known.length === 0 || known.length < bound.length) continue
    const served = known.flatMap((gateway) =>
      gateway.body.servers.flatMap((server) => server.hosts.map((host) => hostPart(host, rule.meta.namespace))),
    )
    for (const [index, host] of (rule.body.hosts ?? []).entries()) {
      const full = fullHost(host, rule.meta.namespace)
      if (served.some((pattern) => pattern !== undefined && (narrowerHost(full, pattern) ?? narrowerHost(host, pattern)) !== undefined))
        continue
      analysis.report('IST0132', rule, ['spec', 'hosts', index], `No server of the gateway ${bound.join(', ')} takes the host "${host}".`)
    }
  }
}

/** Gateways that no proxy carries out, and ports that their proxies do not offer. */
export function gatewaysWithoutWorkloads(analysis: Analysis): void {
  if (!knowsWorkloads(analysis)) return
  for (const gateway of objectsOf(analysis.snapshot, 'Gateway')) {
    const selector = gateway.body.selector ?? {}
    const selected = analysis.registry.instances.filter((instance) => !isEmpty(selector) && selects(selector, instance.labels))
    if (selected.length === 0) {
      analysis.report(
        'IST0101',
        gateway,
        ['spec', 'selector'],
        'No workload has the labels that the gateway selects, so nothing opens its ports.',
      )
    } else checkPorts(analysis, gateway, selected)
  }
}

function checkPorts(
  analysis: Analysis,
  gateway: Gateway,
  selected: readonly { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }[],
): void {
  const offering = analysis.registry.services.filter(
    (service) =>
      service.selector !== undefined &&
      selected.some(
        (one) => one.namespace === service.namespace && !isEmpty(service.selector) && selects(service.selector ?? {}, one.labels),
      ),
  )
  if (offering.length === 0) return
  const ports = new Set(offering.flatMap((service) => service.ports.map((port) => port.number)))
  for (const [index, server] of gateway.body.servers.entries()) {
    if (ports.has(server.port.number)) continue
    const message = `The service of the gateway's workloads offers no port ${server.port.number}.`
    analysis.report('IST0162', gateway, ['spec', 'servers', index, 'port', 'number'], message, `It offers ${[...ports].join(', ')}.`)
  }
}

/** `ns/host` serves VirtualServices of that namespace only. */
function hostPart(host: string, namespace: string): string | undefined {
  const slash = host.indexOf('/')
  if (slash < 0) return host
  const whose = host.slice(0, slash)
  return whose === '*' || whose === '.' || whose === namespace ? host.slice(slash + 1) : undefined
}

function gatewaysByName(analysis: Analysis): ReadonlyMap<string, Gateway> {
  return new Map(objectsOf(analysis.snapshot, 'Gateway').map((gateway) => [objectKey(gateway), gateway]))
}
