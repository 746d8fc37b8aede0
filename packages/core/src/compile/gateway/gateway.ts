import { fieldOrigin } from '../../config/object.ts'
import type { AuthzFilter } from '../../view/authz.ts'
import type { DownstreamTls, FilterChain, Listener } from '../../view/listener.ts'
import type { RouteTable } from '../../view/route.ts'
import { authzFilters } from '../authz/filters.ts'
import { isHttp, protocolOfWord } from '../protocol.ts'
import type { Report } from '../report.ts'
import type { Outbound } from '../route/egress-listeners.ts'
import { boundTo } from '../route/applies.ts'
import { tcpShares, tlsShares, type Shares } from '../route/tcp-routes.ts'
import type { Scope } from '../scope.ts'
import { tracingOf } from '../tracing.ts'
import { serverHosts, serversOf, sharedHosts, type GatewayServer } from './servers.ts'
import { gatewayTable, placeOf } from './table.ts'

/** The listeners of a gateway node: one for each address and port that its Gateways name, with their route tables. */
export function gatewayListeners(scope: Scope, report: Report): Outbound {
  const ports = Map.groupBy(serversOf(scope), (one) => `${one.address}_${one.port}`)
  const made = [...ports].map(([name, servers]) => listener(scope, name, servers, report))
  return { listeners: made.flatMap((one) => one.listeners), tables: made.flatMap((one) => one.tables) }
}

interface Part {
  readonly chains: readonly FilterChain[]
  readonly tables: readonly RouteTable[]
}

function listener(scope: Scope, name: string, servers: readonly GatewayServer[], report: Report): Outbound {
  const first = servers[0]
  if (first === undefined) return { listeners: [], tables: [] }
  const plain = servers.filter((one) => isPlainHttp(one))
  const parts = [
    ...(plain.length > 0 ? [plainHttp(scope, plain, report)] : []),
    ...servers.filter((one) => !isPlainHttp(one)).map((one) => otherServer(scope, one, report)),
  ]
  const chains = parts.flatMap((part) => part.chains)
  if (chains.length === 0) return { listeners: [], tables: [] }
  const listen: Listener = {
    name,
    address: first.address,
    port: first.port,
    direction: 'gateway',
    chains,
    inspectTls: chains.some((chain) => chain.match.transport !== undefined),
    origins: servers.map((one) => fieldOrigin(one.gateway, one.path)),
  }
  return { listeners: [listen], tables: parts.flatMap((part) => part.tables) }
}

function isPlainHttp({ server }: GatewayServer): boolean {
  const protocol = protocolOfWord(server.port.protocol)
  return isHttp(protocol) || protocol === 'h2'
}

/** All plain HTTP servers of a port share one route table. */
function plainHttp(scope: Scope, servers: readonly GatewayServer[], report: Report): Part {
  const table = gatewayTable(scope, `http.${servers[0]?.port ?? 0}`, servers, report)
  return { chains: [httpChain(scope, table.name, servers, undefined, report)], tables: [table] }
}

function otherServer(scope: Scope, one: GatewayServer, report: Report): Part {
  const protocol = protocolOfWord(one.server.port.protocol)
  if (protocol === 'tcp') return { chains: tcpChains(scope, one, report), tables: [] }
  if (one.server.tls?.mode === 'PASSTHROUGH') return { chains: passthroughChains(scope, one, report), tables: [] }
  const tls = serverTls(scope, one)
  if (tls === undefined) {
    const origin = fieldOrigin(one.gateway, [...one.path, 'tls'])
    report({
      code: 'MESH0202',
      severity: 'warning',
      origin,
      message: 'The server is not opened: its TLS settings are not carried out yet.',
      fix: 'Write `mode: SIMPLE` with `serverCertificate` and `privateKey`, or `mode: PASSTHROUGH`.',
    })
    return { chains: [], tables: [] }
  }
  const { number, name } = one.server.port
  const table = gatewayTable(scope, `https.${number}.${name ?? ''}.${one.gateway.meta.name}.${one.gateway.meta.namespace}`, [one], report)
  return { chains: [httpChain(scope, table.name, [one], tls, report)], tables: [table] }
}

function httpChain(
  scope: Scope,
  name: string,
  servers: readonly GatewayServer[],
  tls: DownstreamTls | undefined,
  report: Report,
): FilterChain {
  const tracing = tracingOf(scope)
  const first = servers[0]
  const sni = tls === undefined || first === undefined ? [] : serverHosts(first).filter((host) => host !== '*')
  return {
    name,
    match: tls === undefined ? {} : { transport: 'tls', ...(sni.length === 0 ? {} : { sni }) },
    ...(tls === undefined ? {} : { tls }),
    filter: {
      kind: 'http',
      statPrefix: `outbound_${first?.address ?? ''}_${first?.port ?? 0}`,
      routes: { kind: 'rds', name },
      authz: authzOf(scope, 'http', report),
      forwardProxy: false,
      edge: true,
      accessLog: scope.registry.settings.accessLog,
      ...(tracing === undefined ? {} : { tracing }),
    },
    ...(first === undefined ? {} : { origin: fieldOrigin(first.gateway, first.path) }),
  }
}

/** SIMPLE and MUTUAL with files, ISTIO_MUTUAL with the gateway's own identity; the rest is not carried out. */
function serverTls(scope: Scope, { server }: GatewayServer): DownstreamTls | undefined {
  const { mode, serverCertificate: certFile, privateKey: keyFile, caCertificates: caFile } = server.tls ?? {}
  const alpn = ['http/1.1']
  if (mode === 'ISTIO_MUTUAL' && scope.node.identity) return { mode: 'mesh', alpn, requireClientCert: true, trustDomains: [] }
  if ((mode !== 'SIMPLE' && mode !== 'MUTUAL') || !certFile || !keyFile || (mode === 'MUTUAL' && !caFile)) return undefined
  return { mode: 'file', alpn, requireClientCert: mode === 'MUTUAL', trustDomains: [], certFile, keyFile, ...(caFile ? { caFile } : {}) }
}

/** The first rule that is bound to the server and has TCP routes takes all of its connections. */
function tcpChains(scope: Scope, one: GatewayServer, report: Report): readonly FilterChain[] {
  for (const rule of boundRules(scope, one)) {
    const clusters = tcpShares(scope, placeOf(scope, one), rule)
    if (clusters !== undefined) return [opaqueChain(scope, one, { name: `tcp.${one.port}`, match: {}, clusters }, report)]
  }
  return []
}

/** Bytes of TLS pass unopened, by the server name that the client asks for. */
function passthroughChains(scope: Scope, one: GatewayServer, report: Report): readonly FilterChain[] {
  return boundRules(scope, one).flatMap((rule) =>
    tlsShares(scope, placeOf(scope, one), rule).map(({ sni, clusters }) => {
      const names = sni.filter((name) => name !== '*')
      const match = { transport: 'tls' as const, ...(names.length < sni.length ? {} : { sni: names }) }
      return opaqueChain(
        scope,
        one,
        { name: `tls.${one.port}.${rule.meta.namespace}.${rule.meta.name}.${sni.join(',')}`, match, clusters },
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
  one: GatewayServer,
  part: Pick<FilterChain, 'name' | 'match'> & { clusters: Shares },
  report: Report,
): FilterChain {
  const { name, match, clusters } = part
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
    origin: fieldOrigin(one.gateway, one.path),
  }
}

function authzOf(scope: Scope, kind: 'http' | 'tcp', report: Report): readonly AuthzFilter[] {
  return authzFilters(scope.registry, { who: scope.self ?? scope.node, kind }, report)
}
