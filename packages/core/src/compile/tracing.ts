import { isIp } from '../config/fields/host.ts'
import type { Cluster } from '../view/cluster.ts'
import type { Tracing } from '../view/listener.ts'
import { outboundCluster, serviceHost } from './names.ts'
import type { MeshService } from './registry/service.ts'
import type { Scope } from './scope.ts'

/** Tracing as the mesh wants it; undefined when it is switched off. */
export function tracingOf(scope: Scope): Tracing | undefined {
  const { tracing } = scope.registry.settings
  if (tracing === undefined) return undefined
  const collector = collectorOf(scope)
  return {
    samplePartsPerMillion: tracing.samplePartsPerMillion,
    ...(collector === undefined ? {} : { zipkin: collector.cluster }),
  }
}

/** Where spans go: the cluster, and the service behind it where the registry knows one. */
export interface Collector {
  readonly cluster: string
  readonly service: MeshService | undefined
  readonly address: string
  readonly port: number
}

/** The collector that MeshConfig names (`tracing.zipkin.address`). */
export function collectorOf(scope: Scope): Collector | undefined {
  const found = /^\[?(.+?)\]?:(\d{1,5})$/.exec(scope.registry.settings.tracing?.zipkinAddress ?? '')
  if (found === null) return undefined
  const [address, port] = [(found[1] ?? '').toLowerCase(), Number(found[2])]
  const service = serviceAt(scope, address)
  const known = service?.ports.some((one) => one.number === port) === true ? service : undefined
  return { cluster: known === undefined ? ZIPKIN : outboundCluster(port, '', known.host), service: known, address, port }
}

/** The cluster of a collector that no service describes. */
export function collectorCluster(scope: Scope, collector: Collector): Cluster {
  const endpoints = [{ address: collector.address, port: collector.port, weight: 1, healthy: true }]
  return {
    name: collector.cluster,
    discovery: isIp(collector.address) ? { kind: 'static', endpoints } : { kind: 'dns', endpoints, refreshMs: 60_000 },
    balance: 'round-robin',
    connectTimeoutMs: scope.registry.settings.connectTimeoutMs,
    protocol: 'http/1.1',
  }
}

/** Spans go to their collector whether or not the workload itself may call it. */
export function servicesWithCollector(scope: Scope): Scope['services'] {
  const service = collectorOf(scope)?.service
  return service === undefined || scope.services.includes(service) ? scope.services : [...scope.services, service]
}

const ZIPKIN = 'zipkin'

/** `zipkin`, `zipkin.istio-system`, `zipkin.istio-system.svc`, or the host in full. */
function serviceAt(scope: Scope, address: string): MeshService | undefined {
  const short = /^([^.]+)(?:\.([^.]+)(?:\.svc)?)?$/.exec(address)
  const host = short === null ? address : serviceHost(short[1] ?? '', short[2] ?? scope.registry.settings.rootNamespace)
  return (scope.registry.byHost.get(address) ?? scope.registry.byHost.get(host))?.[0]
}
