import type { ServerTls } from '../../config/kinds/gateway.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { AuthzFilter } from '../../view/authz.ts'
import type { DownstreamTls, FilterChain } from '../../view/listener.ts'
import { authzFilters } from '../authz/filters.ts'
import type { VirtualService } from '../bodies.ts'
import type { Report } from '../report.ts'
import { gatewayView } from '../request-view.ts'
import { boundTo } from '../route/applies.ts'
import { tcpShares, tlsShares, type Shares } from '../route/tcp-routes.ts'
import type { Scope } from '../scope.ts'
import { tracingOf } from '../tracing.ts'
import { serverHosts, sharedHosts, type GatewayServer } from './servers.ts'
import { placeOf } from './table.ts'

/** The chain of HTTP servers that share a route table; with TLS, for the server names of the first. */
export function httpChain(
  scope: Scope,
  name: string,
  servers: readonly GatewayServer[],
  tls: DownstreamTls | undefined,
  report: Report,
): FilterChain {
  const tracing = tracingOf(scope)
  const first = servers[0]
  const authz = authzOf(scope, 'http', report)
  const sni = tls === undefined || first === undefined ? [] : serverHosts(first).filter((host) => host !== '*')
  return {
    name,
    match: tls === undefined ? {} : { transport: 'tls', ...(sni.length === 0 ? {} : { sni }) },
    ...(tls === undefined ? {} : { tls }),
    filter: {
      kind: 'http',
      statPrefix: `outbound_${first?.address ?? ''}_${first?.port ?? 0}`,
      routes: { kind: 'rds', name },
      authz,
      forwardProxy: false,
      edge: true,
      ...gatewayView(scope.registry, authz),
      accessLog: scope.registry.settings.accessLog,
      ...(tracing === undefined ? {} : { tracing }),
    },
    ...(first === undefined ? {} : { origin: fieldOrigin(first.gateway, first.path) }),
  }
}

/** SIMPLE and MUTUAL with files, ISTIO_MUTUAL with the gateway's own identity; the rest is not carried out, nor is what narrows further whose certificates are taken. */
export function serverTls(scope: Scope, { server }: GatewayServer): DownstreamTls | undefined {
  const { mode, serverCertificate: certFile, privateKey: keyFile, caCertificates: caFile } = server.tls ?? {}
  const alpn = ['h2', 'http/1.1']
  if ((mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL') && narrowsCallers(server.tls ?? {})) return undefined
  if (mode === 'ISTIO_MUTUAL' && scope.node.identity) return { mode: 'mesh', alpn, requireClientCert: true, trustDomains: [] }
  if ((mode !== 'SIMPLE' && mode !== 'MUTUAL') || !certFile || !keyFile || (mode === 'MUTUAL' && !caFile)) return undefined
  return { mode: 'file', alpn, requireClientCert: mode === 'MUTUAL', trustDomains: [], certFile, keyFile, ...(caFile ? { caFile } : {}) }
}

function narrowsCallers({ subjectAltNames, verifyCertificateSpki, verifyCertificateHash, caCrl }: ServerTls): boolean {
  return [subjectAltNames, verifyCertificateSpki, verifyCertificateHash, caCrl].some((asked) => asked !== undefined && asked.length > 0)
}

/** The first rule that is bound to the server and has TCP routes takes all of its connections. */
export function tcpChains(scope: Scope, one: GatewayServer, report: Report): readonly FilterChain[] {
  for (const rule of boundRules(scope, one)) {
    const clusters = tcpShares(scope, placeOf(scope, one), rule)
    if (clusters !== undefined) return [opaqueChain(scope, { name: `tcp.${one.port}`, match: {}, clusters, rule }, report)]
  }
  return []
}

/** Bytes of TLS pass unopened, by the server name that the client asks for. */
export function passthroughChains(scope: Scope, one: GatewayServer, report: Report): readonly FilterChain[] {
  return boundRules(scope, one).flatMap((rule) =>
    tlsShares(scope, placeOf(scope, one), rule).map(({ sni, clusters }) => {
      const names = sni.filter((name) => name !== '*')
      const match = { transport: 'tls' as const, ...(names.length < sni.length ? {} : { sni: names }) }
      return opaqueChain(
        scope,
        { name: `tls.${one.port}.${rule.meta.namespace}.${rule.meta.name}.${sni.join(',')}`, match, clusters, rule },
        report,
      )
    }),
  )
}

function boundRules(scope: Scope, one: GatewayServer): Scope['virtualServices'] {
  const place = placeOf(scope, one)
  return scope.virtualServices.filter(
    (rule) =>
      boundTo(rule.body.gateways, place, rule.meta.namespace) && sharedHosts(one, rule.meta.namespace, rule.body.hosts ?? []).length > 0,
  )
}

function opaqueChain(
  scope: Scope,
  part: Pick<FilterChain, 'name' | 'match'> & { clusters: Shares; rule: VirtualService },
  report: Report,
): FilterChain {
  const { name, match, clusters, rule } = part
  return {
    name,
    match,
    filter: {
      kind: 'tcp',
      statPrefix: name,
      clusters,
      authz: authzOf(scope, 'tcp', report),
      idleTimeoutMs: 0,
      accessLog: scope.registry.settings.accessLog,
    },
    origin: rule.origin,
  }
}

function authzOf(scope: Scope, kind: 'http' | 'tcp', report: Report): readonly AuthzFilter[] {
  return authzFilters(scope.registry, { who: scope.self ?? scope.node, kind }, report)
}
