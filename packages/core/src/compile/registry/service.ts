import type { ConfigObject } from '../../config/object.ts'
import type { ServiceRef } from '../../view/cluster.ts'
import type { Protocol } from '../protocol.ts'
import type { Instance } from './instance.ts'

/** A service of the mesh, whether Kubernetes or a ServiceEntry describes it. */
export interface MeshService {
  /** Fully qualified, lower-case; of a ServiceEntry also `*.suffix`. */
  readonly host: string
  readonly name: string
  readonly namespace: string
  readonly ports: readonly ServicePort[]
  /** Where its endpoints come from: workloads and inline addresses, names in DNS, or the address that the caller asked for. */
  readonly resolution: 'endpoints' | 'dns' | 'none'
  /** Outside the mesh (ServiceEntry MESH_EXTERNAL): no mesh TLS by itself. */
  readonly external: boolean
  readonly selector: Readonly<Record<string, string>> | undefined
  readonly inline: readonly Instance[]
  /** Namespaces that see it; `*` for all. */
  readonly exportTo: readonly string[]
  /** Virtual addresses by which callers may ask for it. */
  readonly addresses: readonly string[]
  /** SPIFFE ids and DNS names that may serve it, beyond the accounts of its endpoints. */
  readonly subjectAltNames: readonly string[]
  readonly object: ConfigObject
}

export interface ServicePort {
  readonly number: number
  readonly name: string
  readonly protocol: Protocol
  /** A number, or the name by which workloads list it. */
  readonly target: number | string | undefined
  /** Its place in the object. */
  readonly path: readonly (string | number)[]
}

export function serviceRef(service: MeshService): ServiceRef {
  return { host: service.host, name: service.name, namespace: service.namespace }
}

/** Where an instance listens for a port of a service. */
export function targetPort(port: ServicePort, instance: Pick<Instance, 'ports'>): number {
  const named = instance.ports[port.name]
  if (named !== undefined) return named
  if (typeof port.target === 'string') return instance.ports[port.target] ?? port.number
  return port.target ?? port.number
}

/** Whether something exported to some namespaces can be seen from one of them. */
export function exportedTo(exportTo: readonly string[], own: string, namespace: string): boolean {
  return exportTo.some((to) => to === '*' || to === namespace || (to === '.' && own === namespace))
}
