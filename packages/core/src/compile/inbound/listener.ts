import type { AuthzFilter } from '../../view/authz.ts'
import type { Cluster } from '../../view/cluster.ts'
import type { FilterChain, Listener } from '../../view/listener.ts'
import type { Route } from '../../view/route.ts'
import { authzFilters, type AuthzPort } from '../authz/filters.ts'
import { inboundCluster } from '../names.ts'
import { carriedAs, type Protocol } from '../protocol.ts'
import type { Report } from '../report.ts'
import { inboundView } from '../request-view.ts'
import { INBOUND_RETRY } from '../route/retry.ts'
import { ANY_REQUEST } from '../route/route-match.ts'
import type { Scope } from '../scope.ts'
import { tracingOf } from '../tracing.ts'
import { chainShapes, meshTls, type ChainShape } from './chains.ts'
import { inboundMode, type InboundMode } from './mtls.ts'
import type { InboundPort } from './ports.ts'

/** The listener by which peers reach one port of the workload: who may come in, how, and where it goes. */
export function inboundListener(scope: Scope, port: InboundPort, report: Report): Listener {
  const mode = inboundMode(scope.registry, scope.self ?? scope.node, port.port)
  const shapes = shapesOf(scope, port.protocol, mode)
  return {
    name: `${port.address}_${port.port}`,
    address: port.address,
    port: port.port,
    direction: 'inbound',
    chains: shapes.map((shape) => chain(scope, port, { shape, mode }, report)),
    inspectTls: shapes.some((shape) => shape.match.transport !== undefined),
    origins: [port.origin, ...(mode.origin === undefined ? [] : [mode.origin])],
  }
}

/** The application behind a port. */
export function applicationCluster(scope: Scope, port: InboundPort): Cluster {
  const { address, port: number } = port.app
  return {
    name: inboundCluster(port.port),
    discovery: { kind: 'static', endpoints: [{ address, port: number, weight: 1, healthy: true }] },
    balance: 'round-robin',
    connectTimeoutMs: scope.registry.settings.connectTimeoutMs,
    protocol: carriedAs(port.protocol),
    ...(port.service === undefined ? {} : { service: port.service }),
    origin: port.origin,
  }
}

/** Without an identity there is no mesh TLS to offer: plain text, which a STRICT policy still refuses. */
function shapesOf(scope: Scope, protocol: Protocol, mode: InboundMode): readonly ChainShape[] {
  return chainShapes(protocol, scope.node.identity ? mode.mode : 'DISABLE')
}

interface ChainPart {
  readonly shape: ChainShape
  readonly mode: InboundMode
}

function chain(scope: Scope, port: InboundPort, { shape, mode }: ChainPart, report: Report): FilterChain {
  const { settings } = scope.registry
  const name = `${inboundCluster(port.port)}${shape.mesh ? 'mtls' : (shape.match.transport ?? 'any')}-${shape.kind}`
  const authz = authzOf(scope, port, { shape, mode }, report)
  const filter = {
    statPrefix: `inbound_${port.address}_${port.port}`,
    authz,
    accessLog: settings.accessLog,
  }
  const tracing = tracingOf(scope)
  return {
    name,
    match: shape.match,
    ...(shape.mesh ? { tls: meshTls(shape.kind, [scope.node.trustDomain, ...settings.trustDomainAliases]) } : {}),
    filter:
      shape.kind === 'tcp'
        ? { kind: 'tcp', clusters: [{ cluster: inboundCluster(port.port), weight: 100 }], idleTimeoutMs: 0, ...filter }
        : {
            kind: 'http',
            routes: { kind: 'inline', table: { name: inboundCluster(port.port), hosts: [virtualHost(port)] } },
            forwardProxy: false,
            edge: false,
            ...inboundView(scope.registry, authz),
            ...filter,
            ...(tracing === undefined ? {} : { tracing }),
          },
    ...(mode.origin === undefined ? {} : { origin: mode.origin }),
  }
}

function virtualHost(port: InboundPort): { name: string; domains: readonly string[]; routes: readonly Route[] } {
  const route: Route = {
    name: 'default',
    match: ANY_REQUEST,
    action: { kind: 'forward', clusters: [{ cluster: inboundCluster(port.port), weight: 100 }], retry: INBOUND_RETRY },
    timeoutMs: 0,
    origin: port.origin,
  }
  return { name: `inbound|http|${port.port}`, domains: ['*'], routes: [route] }
}

function authzOf(scope: Scope, port: InboundPort, { shape, mode }: ChainPart, report: Report): readonly AuthzFilter[] {
  const target: AuthzPort = { who: scope.self ?? scope.node, kind: shape.kind }
  const filters = authzFilters(scope.registry, target, report)
  return mode.mode === 'STRICT' && !scope.node.identity ? [closed(mode), ...filters] : filters
}

/** STRICT on a workload that cannot hold an identity: nobody can prove itself to it, so nobody comes in. */
function closed({ origin }: InboundMode): AuthzFilter {
  const name = `ns[${origin?.namespace ?? ''}]-peer-authentication[${origin?.name ?? ''}]-strict`
  const policy = { name, permissions: [{ kind: 'any' }] as const, principals: [{ kind: 'any' }] as const }
  return { action: 'DENY', policies: [origin === undefined ? policy : { ...policy, origin }] }
}
