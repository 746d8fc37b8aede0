import { fieldOrigin } from '../../config/object.ts'
import type { Route, VirtualHost } from '../../view/route.ts'
import type { VirtualService } from '../bodies.ts'
import { BLACK_HOLE_CLUSTER, outboundCluster, PASSTHROUGH_CLUSTER } from '../names.ts'
import { isHttp } from '../protocol.ts'
import type { MeshService, ServicePort } from '../registry/service.ts'
import { isolated, type Report } from '../report.ts'
import type { Scope } from '../scope.ts'
import type { Place } from './applies.ts'
import { httpRoutes } from './http-routes.ts'
import { retryPolicy } from './retry.ts'
import { ANY_REQUEST } from './route-match.ts'
import { tcpShares, tlsSharesFor } from './tcp-routes.ts'

/** One host and port that callers in the mesh may ask for. */
export interface OutboundHost {
  readonly host: string
  readonly port: number
  /** Whether the name without a port means this one. */
  readonly bare: boolean
  readonly service: MeshService | undefined
  readonly servicePort: ServicePort | undefined
  readonly rule: VirtualService | undefined
}

/** The routes of a host: those of its rule, else one to the service itself. Opaque ports are reached by CONNECT. */
export function serviceRoutes(scope: Scope, host: OutboundHost, report: Report): readonly Route[] {
  const { rule } = host
  const place: Place = { node: scope.node, port: host.port, gateways: ['mesh'] }
  if (rule === undefined) return [defaultRoute(scope, host)]
  return isolated(report, rule, [], () => {
    if (host.servicePort !== undefined && !isHttp(host.servicePort.protocol)) return [opaqueRoute(scope, host, rule, place)]
    return rule.body.http === undefined && host.service !== undefined ? [defaultRoute(scope, host)] : httpRoutes(scope, place, rule)
  })
}

/** What becomes of hosts that nobody described (Istio `outboundTrafficPolicy`). */
export function unknownHosts(scope: Scope): VirtualHost {
  const own = scope.sidecar?.body.outboundTrafficPolicy?.mode
  const allowed = own === undefined ? scope.registry.settings.allowUnknown : own !== 'REGISTRY_ONLY'
  const name = allowed ? 'allow_any' : 'block_all'
  const cluster = allowed ? PASSTHROUGH_CLUSTER : BLACK_HOLE_CLUSTER
  return {
    name,
    domains: ['*'],
    routes: [{ name, match: ANY_REQUEST, action: { kind: 'forward', clusters: [{ cluster, weight: 100 }] }, timeoutMs: 0 }],
  }
}

function defaultRoute(scope: Scope, host: OutboundHost): Route {
  const { service, servicePort } = host
  const retry = servicePort === undefined || isHttp(servicePort.protocol) ? retryPolicy(scope.registry.settings.retry) : undefined
  const clusters = [{ cluster: outboundCluster(host.port, '', host.host), weight: 100 }]
  return {
    name: 'default',
    match: ANY_REQUEST,
    action: { kind: 'forward', clusters, ...(retry === undefined ? {} : { retry }) },
    timeoutMs: 0,
    ...(service === undefined || servicePort === undefined ? {} : { origin: fieldOrigin(service.object, servicePort.path) }),
  }
}

function opaqueRoute(scope: Scope, host: OutboundHost, rule: VirtualService, place: Place): Route {
  const found = host.servicePort?.protocol === 'tls' ? tlsSharesFor(scope, place, rule, host.host) : undefined
  const clusters = found ?? tcpShares(scope, place, rule)
  if (clusters === undefined) return defaultRoute(scope, host)
  return { name: 'default', match: ANY_REQUEST, action: { kind: 'forward', clusters }, timeoutMs: 0, origin: rule.origin }
}
