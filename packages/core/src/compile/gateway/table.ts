import { fieldOrigin } from '../../config/object.ts'
import type { Route, RouteTable, VirtualHost } from '../../view/route.ts'
import type { VirtualService } from '../bodies.ts'
import { byName } from '../order.ts'
import { isolated, type Report } from '../report.ts'
import { boundTo, type Place } from '../route/applies.ts'
import { httpRoutes } from '../route/http-routes.ts'
import { ANY_REQUEST, isCatchAll } from '../route/route-match.ts'
import type { Scope } from '../scope.ts'
import { serverHosts, sharedHosts, type GatewayServer } from './servers.ts'

/** The route table of the servers that share one listener: the rules bound to them, for the hosts that both name. */
export function gatewayTable(scope: Scope, name: string, servers: readonly GatewayServer[], report: Report): RouteTable {
  const hosts = new Map<string, Host>()
  for (const server of servers) {
    for (const rule of scope.virtualServices.filter((one) => boundTo(one.body.gateways, placeOf(scope, server), one.meta.namespace))) {
      addRule(scope, hosts, { server, rule }, report)
    }
    addRedirects(hosts, server)
  }
  const made = [...hosts].map(([host, parts]): VirtualHost => ({
    name: `${host}:${parts.port}`,
    domains: domains(host, parts.ports),
    routes: parts.redirect ?? catchAllsLast(parts.routes),
    ...(parts.routes[0]?.origin === undefined ? {} : { origin: parts.routes[0].origin }),
  }))
  return { name, hosts: made.sort(byName) }
}

/** A rule for a server of a gateway: where its matches are asked. */
export function placeOf(scope: Scope, server: GatewayServer): Place {
  return { node: scope.node, port: server.server.port.number, gateways: [server.gatewayName] }
}

interface Host {
  readonly port: number
  /** By which ports a caller may name it: the published one, and the one that is bound. */
  readonly ports: Set<number>
  readonly rules: Set<VirtualService>
  readonly routes: Route[]
  redirect?: readonly Route[]
}

/** Several rules for one host are told one after the other, the oldest first. */
function addRule(scope: Scope, hosts: Map<string, Host>, bound: { server: GatewayServer; rule: VirtualService }, report: Report): void {
  const { server, rule } = bound
  if ((rule.body.http ?? []).length === 0) return
  const routes = isolated(report, rule, [], () => httpRoutes(scope, placeOf(scope, server), rule))
  for (const host of sharedHosts(server, rule.meta.namespace, rule.body.hosts ?? [])) {
    const parts = hostOf(hosts, host, server)
    if (parts.rules.has(rule)) continue
    parts.rules.add(rule)
    parts.routes.push(...routes)
  }
}

/** Istio `tls.httpsRedirect`: the hosts of a plain server answer with a redirect alone. */
function addRedirects(hosts: Map<string, Host>, server: GatewayServer): void {
  if (server.server.tls?.httpsRedirect !== true) return
  const origin = fieldOrigin(server.gateway, [...server.path, 'tls', 'httpsRedirect'])
  const route: Route = { name: '', match: ANY_REQUEST, action: { kind: 'redirect', status: 301, scheme: 'https' }, timeoutMs: 0, origin }
  for (const host of serverHosts(server)) hostOf(hosts, host, server).redirect = [route]
}

function hostOf(hosts: Map<string, Host>, host: string, server: GatewayServer): Host {
  const published = server.server.port.number
  const known = hosts.get(host) ?? { port: published, ports: new Set<number>(), rules: new Set<VirtualService>(), routes: [] }
  known.ports.add(published).add(server.port)
  hosts.set(host, known)
  return known
}

function domains(host: string, ports: ReadonlySet<number>): readonly string[] {
  return host === '*' ? ['*'] : [host, ...[...ports].sort((left, right) => left - right).map((port) => `${host}:${port}`)]
}

/** What one rule says about everything must not hide what the next one says about something. */
function catchAllsLast(routes: readonly Route[]): readonly Route[] {
  return [...routes.filter((route) => !isCatchAll(route.match)), ...routes.filter((route) => isCatchAll(route.match))]
}
