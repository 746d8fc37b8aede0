import { isKind } from '../../config/kinds.ts'
import { objectKey, type ConfigObject } from '../../config/object.ts'
import { objectsOf } from '../objects-of.ts'
import type { Analysis } from './analysis.ts'

/** Ports of UDP and SCTP, which are known and not carried. */
export function portsNotCarried(analysis: Analysis): void {
  const told = new Set<string>()
  for (const { object, ports } of analysis.registry.services) {
    for (const port of ports) {
      const key = `${object.kind}/${objectKey(object)}/${port.path.join('.')}`
      if (port.protocol !== 'udp' || told.has(key)) continue
      told.add(key)
      analysis.report(
        'MESH0102',
        object,
        port.path,
        `Port ${port.number} is ${isSctp(object, port.number) ? 'SCTP' : 'UDP'}, which this mesh does not carry.`,
      )
    }
  }
}

function isSctp(object: ConfigObject, number: number): boolean {
  return isKind(object, 'Service') && object.body.ports?.some((port) => port.port === number && port.protocol === 'SCTP') === true
}

/** Ports of selecting Services whose protocol is not said, so that it is guessed. */
export function portsWithoutProtocol(analysis: Analysis): void {
  const guessed = new Set(
    analysis.registry.services.flatMap((service) =>
      service.ports.flatMap((port) => (port.protocol === 'auto' ? [`${service.namespace}/${service.name}/${port.number}`] : [])),
    ),
  )
  for (const service of objectsOf(analysis.snapshot, 'Service')) {
    for (const [index, port] of (service.body.ports ?? []).entries()) {
      if (port.appProtocol !== undefined || !guessed.has(`${service.meta.namespace}/${service.meta.name}/${port.port}`)) continue
      const message = `The name of port ${port.port} does not say its protocol; it is taken as HTTP.`
      analysis.report(
        'IST0118',
        service,
        ['spec', 'ports', index, port.name === undefined ? 'port' : 'name'],
        message,
        'Write a name like `http-web` or `tcp-db`.',
      )
    }
  }
}
