import { targetPort } from '../registry/service.ts'
import { instancesOf } from '../registry/registry.ts'
import type { Scope } from '../scope.ts'
import type { ServerBody } from '../bodies.ts'

/** Where a gateway listens for a port that a Gateway names: what its ingress Service says about that port, else the port itself. */
export function bindPort(scope: Scope, port: number): number {
  const { self, registry } = scope
  if (self === undefined) return port
  for (const service of registry.services) {
    const found = service.ports.find((one) => one.number === port)
    if (found !== undefined && instancesOf(registry, service).includes(self)) return targetPort(found, self)
  }
  return port
}

/** The address of a gateway's listener: its own annotation, the server's `bind`, or that of the node. */
export function bindAddress(scope: Scope, server: ServerBody): string {
  const { bind } = server
  const said = bind === undefined || bind === '' || bind === '0.0.0.0' || bind === '::' ? undefined : bind
  return scope.self?.annotations['mesh.io/bind-address'] ?? said ?? scope.node.address
}
