import { findingOf } from '../../config/finding.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { Listener, TcpFilterChain } from '../../view/listener.ts'
import type { RouteTable } from '../../view/route.ts'
import type { Sidecar, VirtualService } from '../bodies.ts'
import { HTTP_PROXY, outboundCluster } from '../names.ts'
import { protocolOfWord } from '../protocol.ts'
import type { MeshService } from '../registry/service.ts'
import { isolated, type Report } from '../report.ts'
import { pathView } from '../request-view.ts'
import { servicesWithin, type Scope } from '../scope.ts'
import { tracingOf } from '../tracing.ts'
import { meshRules, ruleFor } from './host-rule.ts'
import { outboundTable, type TableScope } from './outbound-table.ts'
import { tcpShares, tlsSharesFor, type Shares } from './tcp-routes.ts'

type Egress = NonNullable<Sidecar['body']['egress']>[number]

/** The ways out of a sidecar: the forward proxy, and the explicit listeners of its Sidecar; with their route tables. */
export interface Outbound {
  readonly listeners: readonly Listener[]
  readonly tables: readonly RouteTable[]
}

export function outbound(scope: Scope, report: Report): Outbound {
  const { sidecar } = scope
  const explicit = (sidecar?.body.egress ?? []).map((egress, index) =>
    sidecar === undefined || egress.port === undefined
      ? NOTHING
      : isolated(report, sidecar, NOTHING, () => explicitListener(scope, egress, index, report)),
  )
  const all = [forwardProxy(scope, report), ...explicit]
  return { listeners: all.flatMap((one) => one.listeners), tables: all.flatMap((one) => one.tables) }
}

const NOTHING: Outbound = { listeners: [], tables: [] }

/** The listener that applications reach by `HTTP_PROXY`: every host that the part of the Sidecar without a port names. */
function forwardProxy(scope: Scope, report: Report): Outbound {
  const { sidecar, registry } = scope
  const index = sidecar?.body.egress?.findIndex((egress) => egress.port === undefined) ?? -1
  const hosts = sidecar?.body.egress === undefined ? undefined : (sidecar.body.egress[index]?.hosts ?? [])
  const listener = httpListener(
    scope,
    { name: HTTP_PROXY, hosts, port: undefined },
    { address: scope.node.address, port: registry.settings.httpProxyPort },
  )
  const origins = sidecar === undefined ? [] : [fieldOrigin(sidecar, index < 0 ? ['spec'] : ['spec', 'egress', index])]
  return { listeners: [{ ...listener, origins }], tables: [outboundTable(scope, { name: HTTP_PROXY, hosts, port: undefined }, report)] }
}

function explicitListener(scope: Scope, egress: Egress, index: number, report: Report): Outbound {
  const { node, sidecar } = scope
  if (sidecar === undefined || egress.port === undefined) return NOTHING
  const { number, protocol } = egress.port
  const address = egress.bind === undefined || egress.bind === '' ? node.address : egress.bind
  const origin = fieldOrigin(sidecar, ['spec', 'egress', index])
  const word = protocolOfWord(protocol)
  if (word === 'http' || word === 'auto') {
    const table = { name: `${address}_${number}`, hosts: egress.hosts, port: number }
    return {
      listeners: [{ ...httpListener(scope, table, { address, port: number }), origins: [origin] }],
      tables: [outboundTable(scope, table, report)],
    }
  }
  const found = opaqueShares(scope, egress, number)
  if (found === undefined) {
    report(findingOf('MESH0201', { origin, message: `No service of port ${number} is among \`hosts\`, so the listener is not opened.` }))
    return NOTHING
  }
  const origins = [origin, ...(found.rule === undefined ? [] : [found.rule.origin])]
  return { listeners: [{ ...tcpListener(scope, found.shares, { address, port: number }), origins }], tables: [] }
}

interface OpaqueShares {
  readonly shares: Shares
  /** The rule that says so, where one does. */
  readonly rule?: VirtualService
}

/** Where an explicit listener for opaque bytes leads: the first service with that port, else the only service there is. */
function opaqueShares(scope: Scope, egress: Egress, port: number): OpaqueShares | undefined {
  const services = servicesWithin(scope, egress.hosts)
  const service = services.find((one) => one.ports.some((of) => of.number === port)) ?? (services.length === 1 ? services[0] : undefined)
  if (service === undefined) return undefined
  const target = service.ports.find((one) => one.number === port) ?? (service.ports.length === 1 ? service.ports[0] : undefined)
  if (target === undefined) return undefined
  return (
    ruledShares(scope, egress, service, port) ?? { shares: [{ cluster: outboundCluster(target.number, '', service.host), weight: 100 }] }
  )
}

function ruledShares(scope: Scope, egress: Egress, service: MeshService, port: number): OpaqueShares | undefined {
  const rule = ruleFor(meshRules(scope, egress.hosts), service.host)
  if (rule === undefined) return undefined
  const place = { node: scope.node, port, gateways: ['mesh'] }
  const shares = tlsSharesFor(scope, place, rule, service.host) ?? tcpShares(scope, place, rule)
  return shares === undefined ? undefined : { shares, rule }
}

interface Where {
  readonly address: string
  readonly port: number
}

function httpListener(scope: Scope, table: TableScope, { address, port }: Where): Listener {
  const tracing = tracingOf(scope)
  return {
    name: table.name === HTTP_PROXY ? HTTP_PROXY : `${address}_${port}`,
    address,
    port,
    direction: 'outbound',
    chains: [
      {
        name: table.name,
        match: {},
        filter: {
          kind: 'http',
          statPrefix: table.name === HTTP_PROXY ? HTTP_PROXY : `outbound_${address}_${port}`,
          routes: { kind: 'rds', name: table.name },
          authz: [],
          forwardProxy: table.name === HTTP_PROXY,
          edge: false,
          ...pathView(scope.registry.settings, []),
          accessLog: scope.registry.settings.accessLog,
          ...(tracing === undefined ? {} : { tracing }),
        },
      },
    ],
    inspectTls: false,
    origins: [],
  }
}

function tcpListener(scope: Scope, clusters: Shares, { address, port }: Where): Listener {
  const filter: TcpFilterChain = {
    kind: 'tcp',
    statPrefix: clusters[0]?.cluster ?? '',
    clusters,
    authz: [],
    idleTimeoutMs: 0,
    accessLog: scope.registry.settings.accessLog,
  }
  const name = `${address}_${port}`
  return { name, address, port, direction: 'outbound', chains: [{ name, match: {}, filter }], inspectTls: false, origins: [] }
}
