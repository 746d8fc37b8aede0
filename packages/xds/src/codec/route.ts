import type { JsonObject } from '@mesh/rpc/protobuf'
import type { Route, RouteTable, VirtualHost } from '@mesh/core/view'
import type {
  Route as RouteMessage,
  RouteSchema,
  VirtualHost as VirtualHostMessage,
  VirtualHostSchema,
} from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import type { RouteConfiguration, RouteConfigurationSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_pb'
import type { Init } from './init.ts'
import { decodeFault, encodeFault, FAULT_FILTER, faultOrigins } from './fault.ts'
import { forwardOrigins } from './forward.ts'
import { decodeHeaderOps, encodeHeaderOps } from './header-ops.ts'
import { encodeFacts, meshFacts, originPart } from './metadata.ts'
import { refuse } from './refusal.ts'
import { decodeAction, encodeAction } from './route-action.ts'
import { decodeRouteMatch, encodeRouteMatch } from './route-match.ts'

/** RDS: a route table. Whether its clusters exist is not Envoy's to check: they come by their own stream. */
export function encodeRouteTable(table: RouteTable): Init<typeof RouteConfigurationSchema> {
  return { name: table.name, virtualHosts: table.hosts.map(encodeHost), validateClusters: false }
}

export function decodeRouteTable(table: RouteConfiguration): RouteTable {
  return { name: table.name, hosts: table.virtualHosts.map(decodeHost) }
}

function encodeHost(host: VirtualHost): Init<typeof VirtualHostSchema> {
  const metadata = encodeFacts({ origin: host.origin })
  return {
    name: host.name,
    domains: [...host.domains],
    routes: host.routes.map(encodeRoute),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

function decodeHost(host: VirtualHostMessage): VirtualHost {
  return { name: host.name, domains: host.domains, routes: host.routes.map(decodeRoute), ...originPart(host.metadata) }
}

function encodeRoute(route: Route): Init<typeof RouteSchema> {
  const metadata = encodeFacts({ origin: route.origin, mesh: partOrigins(route) })
  return {
    name: route.name,
    match: encodeRouteMatch(route.match),
    action: encodeAction(route.action, route.timeoutMs),
    ...encodeHeaderOps(route),
    ...(route.fault === undefined ? {} : { typedPerFilterConfig: { [FAULT_FILTER]: encodeFault(route.fault) } }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

function decodeRoute(route: RouteMessage): Route {
  const facts = meshFacts(route.metadata)
  const fault = faultOf(route)
  return {
    name: route.name,
    match: decodeRouteMatch(route.match),
    ...decodeAction(route, facts['clusters']),
    ...(fault === undefined ? {} : { fault: decodeFault(fault, facts['fault']) }),
    ...decodeHeaderOps(route),
    ...originPart(route.metadata),
  }
}

function faultOf(route: RouteMessage) {
  for (const name of Object.keys(route.typedPerFilterConfig)) {
    if (name !== FAULT_FILTER) refuse(`the route configures filter ${name}, which is not supported`)
  }
  return route.typedPerFilterConfig[FAULT_FILTER]
}

/** Origins of what Envoy gives no metadata of its own. */
function partOrigins(route: Route): JsonObject {
  const clusters = route.action.kind === 'forward' ? forwardOrigins(route.action.clusters) : undefined
  const fault = faultOrigins(route.fault)
  return { ...(clusters === undefined ? {} : { clusters }), ...(Object.keys(fault).length === 0 ? {} : { fault }) }
}
