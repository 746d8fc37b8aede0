import { findingOf } from '../../config/finding.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { FilterChain, Listener } from '../../view/listener.ts'
import type { RouteTable } from '../../view/route.ts'
import { isHttp, protocolOfWord } from '../protocol.ts'
import type { Report } from '../report.ts'
import type { Outbound } from '../route/egress-listeners.ts'
import type { Scope } from '../scope.ts'
import { httpChain, passthroughChains, serverTls, tcpChains } from './chains.ts'
import { proxyProtocolOf } from './proxy-protocol.ts'
import { serversOf, type GatewayServer } from './servers.ts'
import { gatewayTable } from './table.ts'

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
    ...proxyProtocolOf(scope),
    origins: servers.map((one) => fieldOrigin(one.gateway, one.path)),
  }
  return { listeners: [listen], tables: parts.flatMap((part) => part.tables) }
}

function isPlainHttp({ server }: GatewayServer): boolean {
  return isHttp(protocolOfWord(server.port.protocol))
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
    const message = 'The server is not opened: its TLS settings are not carried out yet.'
    const fix = 'Write `mode: SIMPLE` with `serverCertificate` and `privateKey`, or `mode: PASSTHROUGH`.'
    report(findingOf('MESH0202', { origin, message, fix }))
    return { chains: [], tables: [] }
  }
  const { number, name } = one.server.port
  const table = gatewayTable(scope, `https.${number}.${name ?? ''}.${one.gateway.meta.name}.${one.gateway.meta.namespace}`, [one], report)
  return { chains: [httpChain(scope, table.name, [one], tls, report)], tables: [table] }
}
