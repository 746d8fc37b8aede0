import { parseDuration } from '../../config/fields/duration.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { Cluster, Discovery } from '../../view/cluster.ts'
import { BLACK_HOLE_CLUSTER, outboundCluster, PASSTHROUGH_CLUSTER } from '../names.ts'
import { serviceRef, type MeshService, type ServicePort } from '../registry/service.ts'
import { isolated, type Report } from '../report.ts'
import type { Scope } from '../scope.ts'
import { endpointsFor } from './endpoints.ts'
import { protocolFor } from './http-version.ts'
import { policyForPort, policyForSubset, type PolicyParts } from './policy.ts'
import { resilience } from './resilience.ts'
import { rulesFor, type Rules, type SubsetOfRule } from './rule.ts'
import { upstreamTls } from './upstream-tls.ts'

/** The clusters of a service: one for each port, and one for each of its subsets. */
export function serviceClusters(scope: Scope, service: MeshService, report: Report): readonly Cluster[] {
  const rules = rulesFor(scope, service)
  return service.ports
    .filter((port) => port.protocol !== 'udp')
    .flatMap((port) => {
      const make = (subset: SubsetOfRule | undefined): readonly Cluster[] => [cluster(scope, { service, port, rules, subset })]
      const all = isolated(report, rules.policy ?? service.object, [], () => make(undefined))
      return [...all, ...rules.subsets.flatMap((subset) => isolated(report, subset.rule, [], () => make(subset)))]
    })
}

/** Where unknown hosts go, and where nothing goes. */
export function fixedClusters(scope: Scope): readonly Cluster[] {
  const common = { balance: 'round-robin', connectTimeoutMs: scope.registry.settings.connectTimeoutMs, protocol: 'http/1.1' } as const
  return [
    { name: PASSTHROUGH_CLUSTER, discovery: { kind: 'original-dst' }, ...common, ...tcpKeepalive(scope, {}) },
    { name: BLACK_HOLE_CLUSTER, discovery: { kind: 'blackhole' }, ...common },
  ]
}

interface Target {
  readonly service: MeshService
  readonly port: ServicePort
  readonly rules: Rules
  readonly subset: SubsetOfRule | undefined
}

function cluster(scope: Scope, target: Target): Cluster {
  const { service, port, subset } = target
  const name = subset?.subset.name ?? ''
  const policy = policyOf(target)
  const protocol = protocolFor(scope, target, policy)
  const tls = upstreamTls(scope, { service, port: port.number, subset: name, protocol }, policy.tls)
  return {
    name: outboundCluster(port.number, name, service.host),
    discovery: discovery(scope, target),
    balance: service.resolution === 'none' ? 'round-robin' : balanceOf(policy.loadBalancer?.simple),
    connectTimeoutMs: ms(policy.connectionPool?.tcp?.connectTimeout) ?? scope.registry.settings.connectTimeoutMs,
    protocol,
    ...(tls === undefined ? {} : { tls }),
    service: serviceRef(service),
    ...(name === '' ? {} : { subset: name }),
    ...limits(policy, protocol),
    ...(service.resolution === 'none' ? {} : resilience(policy)),
    ...tcpKeepalive(scope, policy),
    ...(protocol === 'http/1.1' || protocol === 'tcp' ? {} : http2Limits(policy)),
    origin: originOf(target),
  }
}

/** Istio's default is least request. */
function balanceOf(simple: string | undefined): Cluster['balance'] {
  return simple === 'ROUND_ROBIN' ? 'round-robin' : simple === 'RANDOM' ? 'random' : 'least-request'
}

function policyOf({ rules, subset, port }: Target): PolicyParts {
  const base = policyForPort(rules.policy?.body.trafficPolicy, port.number)
  return subset === undefined ? base : policyForSubset(base, subset.subset.trafficPolicy, port.number)
}

/** Names are resolved by the proxy; addresses come by the endpoints' own lane. */
function discovery(scope: Scope, { service, port, subset }: Target): Discovery {
  if (service.resolution === 'none') return { kind: 'original-dst' }
  if (service.resolution === 'endpoints') return { kind: 'eds' }
  return { kind: 'dns', endpoints: endpointsFor(scope, service, port, subset?.subset.labels), refreshMs: DNS_REFRESH_MS }
}

/** Istio `dnsRefreshRate`. */
const DNS_REFRESH_MS = 60_000

function limits({ connectionPool }: PolicyParts, protocol: Cluster['protocol']): Partial<Cluster> {
  const { tcp, http } = connectionPool ?? {}
  const found: Record<string, number | undefined> = {
    maxConnections: positive(tcp?.maxConnections),
    maxPendingRequests: positive(http?.http1MaxPendingRequests),
    maxRequests: positive(http?.http2MaxRequests),
    maxRetries: positive(http?.maxRetries),
    maxRequestsPerConnection: positive(http?.maxRequestsPerConnection),
    idleTimeoutMs: ms((protocol === 'tcp' ? undefined : http?.idleTimeout) ?? tcp?.idleTimeout),
    maxConnectionDurationMs: ms(tcp?.maxConnectionDuration),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** Istio hands on whole seconds; less than one is one. */
function tcpKeepalive(scope: Scope, { connectionPool }: PolicyParts): Pick<Cluster, 'tcpKeepalive'> {
  const said = connectionPool?.tcp?.tcpKeepalive ?? scope.registry.settings.tcpKeepalive
  if (said === undefined) return {}
  const [probes, timeSeconds, intervalSeconds] = [positive(said.probes), seconds(said.time), seconds(said.interval)]
  return {
    tcpKeepalive: {
      ...(probes === undefined ? {} : { probes }),
      ...(timeSeconds === undefined ? {} : { timeSeconds }),
      ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
    },
  }
}

function seconds(duration: string | undefined): number | undefined {
  const found = ms(duration)
  return found === undefined ? undefined : Math.max(1, Math.floor(found / 1000))
}

/** Istio sets `maxConcurrentStreams` on clusters of HTTP/2 only; here also where callers choose the version. Without an interval no PINGs are sent. */
function http2Limits({ connectionPool }: PolicyParts): Partial<Cluster> {
  const maxConcurrentStreams = positive(connectionPool?.http?.maxConcurrentStreams)
  const { interval, timeout } = connectionPool?.http?.http2KeepAlive ?? {}
  const intervalMs = ms(interval)
  return {
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(intervalMs === undefined ? {} : { http2KeepAlive: { intervalMs, timeoutMs: ms(timeout) ?? PING_TIMEOUT_MS } }),
  }
}

/** As in gRPC: Envoy has no default. */
const PING_TIMEOUT_MS = 20_000

/** 0 stands for Istio's default, which is no limit. */
function positive(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value
}

function ms(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration)
}

function originOf({ service, port, rules, subset }: Target): NonNullable<Cluster['origin']> {
  if (subset !== undefined) return fieldOrigin(subset.rule, subset.path)
  if (rules.policy?.body.trafficPolicy !== undefined) return fieldOrigin(rules.policy, ['spec', 'trafficPolicy'])
  return fieldOrigin(service.object, port.path)
}
