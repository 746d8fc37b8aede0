import type { JsonValue } from '@mesh/rpc/protobuf'
import type { AuthzFilter, HttpFilterChain } from '@mesh/core/view'
import { RBACSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/rbac/v3/rbac_pb'
import { RouterSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/router/v3/router_pb'
import { HTTPFaultSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/fault/v3/fault_pb'
import {
  HttpConnectionManagerSchema,
  type HttpConnectionManager,
  type HttpFilter,
  type HttpFilterSchema,
} from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import type { Filter, FilterSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_components_pb'
import { decodeAccessLog, encodeAccessLog } from './access-log.ts'
import { pack, unpack } from './any.ts'
import { decodeAuthz, encodeAuthz } from './authz.ts'
import { FAULT_FILTER } from './fault.ts'
import type { Init } from './init.ts'
import { asList } from './metadata.ts'
import { refuse } from './refusal.ts'
import { decodeRequestView, encodeRequestView } from './request-view.ts'
import { decodeRouteTable, encodeRouteTable } from './route.ts'
import { checkAds, encodeAds } from './sds.ts'
import { decodeTracing, encodeTracing } from './tracing.ts'

export const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager'
const RBAC_FILTER = 'envoy.filters.http.rbac'
const ROUTER_FILTER = 'envoy.filters.http.router'

export function encodeHttpChain(chain: HttpFilterChain): Init<typeof FilterSchema>[] {
  const manager = pack(HttpConnectionManagerSchema, {
    statPrefix: chain.statPrefix,
    routeSpecifier: encodeRoutes(chain.routes),
    httpFilters: [...chain.authz.map(rbac), filter(FAULT_FILTER, pack(HTTPFaultSchema, {})), filter(ROUTER_FILTER, pack(RouterSchema, {}))],
    httpProtocolOptions: { allowAbsoluteUrl: chain.forwardProxy },
    useRemoteAddress: chain.edge,
    ...encodeRequestView(chain),
    accessLog: encodeAccessLog(chain.accessLog),
    ...(chain.tracing === undefined ? {} : { tracing: encodeTracing(chain.tracing) }),
  })
  return [{ name: HTTP_MANAGER, configType: { case: 'typedConfig', value: manager } }]
}

/** What of a chain its metadata says: `authz` from `authzOrigins`, `proxies` from `trustedProxies`. */
export interface HttpChainFacts {
  readonly authz?: JsonValue
  readonly proxies?: JsonValue
}

export function decodeHttpChain(managerFilter: Filter, facts: HttpChainFacts): HttpFilterChain {
  const manager = unpack(HttpConnectionManagerSchema, managerFilter.configType.value)
  return {
    kind: 'http',
    statPrefix: manager.statPrefix,
    routes: decodeRoutes(manager),
    authz: decodeFilters(manager.httpFilters, facts.authz),
    // Envoy's default is to accept absolute-form targets.
    forwardProxy: manager.httpProtocolOptions?.allowAbsoluteUrl ?? true,
    edge: manager.useRemoteAddress === true,
    ...decodeRequestView(manager, facts.proxies),
    accessLog: decodeAccessLog(manager.accessLog),
    ...(manager.tracing === undefined ? {} : { tracing: decodeTracing(manager.tracing) }),
  }
}

function encodeRoutes(routes: HttpFilterChain['routes']): NonNullable<Init<typeof HttpConnectionManagerSchema>['routeSpecifier']> {
  return routes.kind === 'rds'
    ? { case: 'rds', value: { routeConfigName: routes.name, configSource: encodeAds() } }
    : { case: 'routeConfig', value: encodeRouteTable(routes.table) }
}

function decodeRoutes({ routeSpecifier }: HttpConnectionManager): HttpFilterChain['routes'] {
  if (routeSpecifier.case === 'routeConfig') return { kind: 'inline', table: decodeRouteTable(routeSpecifier.value) }
  if (routeSpecifier.case !== 'rds') refuse('an HTTP connection manager without routes')
  checkAds(routeSpecifier.value.configSource)
  return { kind: 'rds', name: routeSpecifier.value.routeConfigName }
}

/** Authorization, then fault injection, then the router, which must be last. */
function decodeFilters(filters: readonly HttpFilter[], origins: JsonValue | undefined): AuthzFilter[] {
  const authz: AuthzFilter[] = []
  for (const [index, { name, configType }] of filters.entries()) {
    const config = configType.value
    if (config?.typeUrl.endsWith(`/${RBACSchema.typeName}`))
      authz.push(decodeAuthz(unpack(RBACSchema, config).rules, asList(origins)[authz.length]))
    else if (config?.typeUrl.endsWith(`/${HTTPFaultSchema.typeName}`)) checkIdleFault(filters, index)
    else if (!config?.typeUrl.endsWith(`/${RouterSchema.typeName}`)) refuse(`HTTP filter ${name} is not supported`)
    else checkLast(filters, index)
  }
  if (!filters.at(-1)?.configType.value?.typeUrl.endsWith(`/${RouterSchema.typeName}`)) refuse('the last HTTP filter must be the router')
  return authz
}

/** Faults are injected per route; one for the whole listener is not in the view. */
function checkIdleFault(filters: readonly HttpFilter[], index: number): void {
  const fault = unpack(HTTPFaultSchema, filters[index]?.configType.value)
  if (fault.delay !== undefined || fault.abort !== undefined) refuse('a fault for a whole listener is not supported')
}

function checkLast(filters: readonly HttpFilter[], index: number): void {
  unpack(RouterSchema, filters[index]?.configType.value)
  if (index !== filters.length - 1) refuse('the router must be the last HTTP filter')
}

function rbac(authz: AuthzFilter): Init<typeof HttpFilterSchema> {
  return filter(RBAC_FILTER, pack(RBACSchema, { rules: encodeAuthz(authz) }))
}

function filter(name: string, value: ReturnType<typeof pack>): Init<typeof HttpFilterSchema> {
  return { name, configType: { case: 'typedConfig', value } }
}
