import type { RouteTable, VirtualHost } from '../../view/route.ts'
import { authorityOf } from '../address.ts'
import type { VirtualService } from '../bodies.ts'
import { hostWithin } from '../host-match.ts'
import { hostNames } from '../names.ts'
import { byName } from '../order.ts'
import { isHttp } from '../protocol.ts'
import type { MeshService, ServicePort } from '../registry/service.ts'
import type { Report } from '../report.ts'
import { servicesWithin, type EgressHosts, type Scope } from '../scope.ts'
import { meshRules, ruleFor, ruleHosts } from './host-rule.ts'
import { serviceRoutes, unknownHosts, type OutboundHost } from './outbound-host.ts'

/** Which route table: of the forward proxy (all ports), or of an explicit listener for one port. */
export interface TableScope {
  readonly name: string
  readonly hosts: EgressHosts | undefined
  readonly port: number | undefined
}

/** What callers in the mesh may ask for by name, and what becomes of the rest. */
export function outboundTable(scope: Scope, table: TableScope, report: Report): RouteTable {
  const rules = meshRules(scope, table.hosts)
  const services = servicesWithin(scope, table.hosts)
  const known = services.flatMap((service) => ofService(service, rules, table))
  const named = rules.flatMap((rule) => ofRule(rule, services, table))
  const claims = new Set<string>()
  const full = [...known, ...named].map((host) => ({ host, domains: claim(claims, fullDomains(host)) }))
  const hosts = full.map(({ host, domains }): VirtualHost => {
    const all = [...domains, ...claim(claims, shortDomains(host, scope.node.namespace))]
    const origin = host.rule?.origin ?? host.service?.object.origin
    const routes = serviceRoutes(scope, host, report)
    return { name: `${host.host}:${host.port}`, domains: all, routes, ...(origin === undefined ? {} : { origin }) }
  })
  const rest = claims.has('*') ? [] : [unknownHosts(scope)]
  return { name: table.name, hosts: [...hosts.filter((host) => host.domains.length > 0), ...rest].sort(byName) }
}

function ofService(service: MeshService, rules: readonly VirtualService[], table: TableScope): readonly OutboundHost[] {
  const ports = service.ports.filter(
    (port) => port.protocol !== 'udp' && (table.port === undefined || (port.number === table.port && isHttp(port.protocol))),
  )
  const bare = portOfBareName(ports, table.port)
  const rule = ruleFor(rules, service.host)
  return ports.map((port) => ({ host: service.host, port: port.number, bare: port === bare, service, servicePort: port, rule }))
}

/** A rule may name hosts that no service describes: they are asked for on the listener's port, or on HTTP's own. */
function ofRule(rule: VirtualService, services: readonly MeshService[], table: TableScope): readonly OutboundHost[] {
  const unclaimed = ruleHosts(rule).filter((host) => !services.some((service) => hostWithin(service.host, host)))
  const port = table.port ?? 80
  return unclaimed.map((host) => ({ host, port, bare: true, service: undefined, servicePort: undefined, rule }))
}

/** Which port a name without one means: HTTP's own, else the first that speaks HTTP. */
function portOfBareName(ports: readonly ServicePort[], listener: number | undefined): ServicePort | undefined {
  const http = ports.filter((port) => isHttp(port.protocol))
  return http.find((port) => port.number === (listener ?? 80)) ?? http[0]
}

function fullDomains(host: OutboundHost): readonly string[] {
  return withPort(host, [host.host])
}

function shortDomains(host: OutboundHost, namespace: string): readonly string[] {
  const addresses = (host.service?.addresses ?? []).map(authorityOf)
  return withPort(host, [...hostNames(host.host, namespace).slice(1), ...addresses])
}

function withPort(host: OutboundHost, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (name === '*' ? ['*'] : host.bare ? [name, `${name}:${host.port}`] : [`${name}:${host.port}`]))
}

/** Those domains that nobody has yet; a domain belongs to one virtual host. */
function claim(claims: Set<string>, domains: readonly string[]): readonly string[] {
  const free = [...new Set(domains)].filter((domain) => !claims.has(domain))
  for (const domain of free) claims.add(domain)
  return free
}
