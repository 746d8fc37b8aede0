import { fieldOrigin } from '../../config/object.ts'
import type { Origin } from '../../config/origin.ts'
import type { ServiceRef } from '../../view/cluster.ts'
import { protocolOfWord, type Protocol } from '../protocol.ts'
import { instancesOf } from '../registry/registry.ts'
import { serviceRef, targetPort } from '../registry/service.ts'
import type { Scope } from '../scope.ts'

/** One port at which peers reach the workload of a node. */
export interface InboundPort {
  readonly port: number
  readonly address: string
  readonly protocol: Protocol
  /** Where the application itself listens. */
  readonly app: { readonly address: string; readonly port: number }
  readonly service: ServiceRef | undefined
  readonly origin: Origin
}

/** The ports of all services that the workload stands behind, or those that its Sidecar lists; one for each number. */
export function inboundPorts(scope: Scope): readonly InboundPort[] {
  const listed = scope.sidecar?.body.ingress
  const all = listed === undefined || listed.length === 0 ? fromServices(scope) : fromSidecar(scope)
  const chosen = new Map<number, InboundPort>()
  for (const one of all) if (!chosen.has(one.port)) chosen.set(one.port, one)
  return [...chosen.values()].sort((left, right) => left.port - right.port)
}

function fromServices(scope: Scope): readonly InboundPort[] {
  const { self, registry, node } = scope
  if (self === undefined) return []
  const apps = appPorts(self.annotations['mesh.io/app-ports'])
  return registry.services
    .filter((service) => service.namespace === node.namespace && instancesOf(registry, service).includes(self))
    .flatMap((service) =>
      service.ports
        .filter((port) => port.protocol !== 'udp')
        .map((one): InboundPort => {
          const port = targetPort(one, self)
          const app = apps.get(port) ?? apps.get(one.number) ?? port
          const origin = fieldOrigin(service.object, one.path)
          return {
            port,
            address: node.address,
            protocol: one.protocol,
            app: { address: LOOPBACK, port: app },
            service: serviceRef(service),
            origin,
          }
        }),
    )
}

/** Istio `Sidecar.ingress`: explicit listeners, each with the place of the application behind it. */
function fromSidecar(scope: Scope): readonly InboundPort[] {
  const { sidecar, node, self } = scope
  if (sidecar === undefined) return []
  const apps = appPorts(self?.annotations['mesh.io/app-ports'])
  const known = new Map(fromServices(scope).map((one) => [one.port, one.service]))
  return (sidecar.body.ingress ?? []).map((listener, index) => {
    const { number, protocol } = listener.port
    return {
      port: number,
      address: listener.bind === undefined || listener.bind === '' || listener.bind === '0.0.0.0' ? node.address : listener.bind,
      protocol: protocolOfWord(protocol),
      app: endpointOf(listener.defaultEndpoint) ?? { address: LOOPBACK, port: apps.get(number) ?? number },
      service: known.get(number),
      origin: fieldOrigin(sidecar, ['spec', 'ingress', index]),
    }
  })
}

const LOOPBACK = '127.0.0.1'

/** `127.0.0.1:8080`, `:8080`, `[::1]:8080`; the any-address stands for the application's own. */
function endpointOf(text: string | undefined): InboundPort['app'] | undefined {
  const found = /^(.*):(\d+)$/.exec(text ?? '')
  if (found === null) return undefined
  const address = (found[1] ?? '').replace(/^\[|\]$/g, '')
  return { address: address === '' || address === '0.0.0.0' ? LOOPBACK : address, port: Number(found[2]) }
}

/** Annotation `mesh.io/app-ports`: `{"9080":34567}`, from the port that peers know to that of the application. */
function appPorts(text: string | undefined): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const [, from, to] of (text ?? '').matchAll(/"(\d{1,5})"\s*:\s*(\d{1,5})/g)) found.set(Number(from), Number(to))
  return found
}
