import type { Instance } from '../../compile/registry/instance.ts'
import { instancesOf, type Registry } from '../../compile/registry/registry.ts'
import { targetPort, type MeshService, type ServicePort } from '../../compile/registry/service.ts'
import { originName, originPlace } from '../../config/origin.ts'
import type { Analysis } from './analysis.ts'

/** Ports of workloads that two services lead to, with different protocols: the older service says which one is spoken. */
export function protocolsOfSharedPorts(analysis: Analysis): void {
  const told = new Set<string>()
  for (const instance of analysis.registry.instances) {
    const first = new Map<number, PortOfService>()
    for (const one of portsBehind(analysis.registry, instance)) {
      const target = targetPort(one.port, instance)
      const earlier = first.get(target)
      if (earlier === undefined) first.set(target, one)
      else if (earlier.port.protocol !== one.port.protocol) report(analysis, { target, earlier, later: one }, told)
    }
  }
}

interface PortOfService {
  readonly service: MeshService
  readonly port: ServicePort
}

function portsBehind(registry: Registry, instance: Instance): readonly PortOfService[] {
  return registry.services
    .filter((service) => service.namespace === instance.namespace && instancesOf(registry, service).includes(instance))
    .flatMap((service) => service.ports.filter((port) => port.protocol !== 'udp').map((port) => ({ service, port })))
}

interface Clash {
  readonly target: number
  readonly earlier: PortOfService
  readonly later: PortOfService
}

function report(analysis: Analysis, { target, earlier, later }: Clash, told: Set<string>): void {
  const { object } = later.service
  const key = `${originName(object.origin)} ${later.port.path.join('.')}`
  if (told.has(key)) return
  told.add(key)
  const { origin } = earlier.service.object
  const message = `Port ${target} of the workloads is ${WORDS[earlier.port.protocol]} by ${originName(origin)} (${originPlace(origin)}) and ${WORDS[later.port.protocol]} here; the first holds.`
  analysis.report('IST0116', object, later.port.path, message, 'Say the same protocol in both.')
}

const WORDS = { http: 'HTTP', h2: 'HTTP/2', tls: 'TLS', tcp: 'TCP', udp: 'UDP', auto: 'not said' } as const
