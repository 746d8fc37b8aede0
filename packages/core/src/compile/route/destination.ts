import type { DestinationBody } from '../bodies.ts'
import { fullHost, outboundCluster } from '../names.ts'
import { serviceFor, type Scope } from '../scope.ts'

/**
 * The cluster that a destination names. A host or subset that does not exist gives a name that no cluster has,
 * so that the request gets a visible 503 and not another destination.
 */
export function destinationCluster(scope: Scope, destination: DestinationBody, where: { namespace: string; port: number }): string {
  const host = fullHost(destination.host, where.namespace)
  return outboundCluster(portOf(scope, destination, host, where.port), destination.subset ?? '', host)
}

/** The port that is named, else the only one of the service, else the one that the caller asked for. */
function portOf(scope: Scope, destination: DestinationBody, host: string, asked: number): number {
  if (destination.port?.number !== undefined) return destination.port.number
  const ports = serviceFor(scope, host)?.ports ?? []
  return ports.length === 1 ? (ports[0]?.number ?? asked) : asked
}
